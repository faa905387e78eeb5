import type { CodeableConcept, CodeSystem, Coding, ConceptMap, Resource, ValueSet } from '@medplum/fhirtypes';
import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import type { CodeInput } from '../fhir/terminology/validate-code.ts';
import type { OperationCall, OperationParameter } from './operation.ts';

/** A parameter that may be given once. */
export function optional(name: string, type: string, documentation: string): OperationParameter {
  return { name, min: 0, max: '1', type, documentation };
}

/** What is to be checked or translated: a code, a Coding or a CodeableConcept. */
export const CODED: readonly OperationParameter[] = [
  optional('code', 'code', 'The code.'),
  optional('system', 'uri', 'Its code system.'),
  optional('coding', 'Coding', 'The same as a Coding.'),
  optional('codeableConcept', 'CodeableConcept', 'Or a concept; one of its codings is enough.'),
];

/** Drops what was not given, as exactOptionalPropertyTypes wants it. */
export function given<T extends object>(values: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** A complex parameter; its members are checked where they are used. */
export function complex<T>({ input }: OperationCall, name: string): T | undefined {
  const value = input.all(name)[0];
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`The parameter ${name} must be an object.`, `Parameters.${name}`);
  }
  return value as T;
}

export function codeInput(call: OperationCall): CodeInput {
  const { input } = call;
  return given<CodeInput>({
    code: input.text('code'),
    system: input.text('system'),
    display: input.text('display'),
    coding: complex<Coding>(call, 'coding'),
    codeableConcept: complex<CodeableConcept>(call, 'codeableConcept'),
    displayLanguage: input.text('displayLanguage'),
    abstract: input.flag('abstract'),
  });
}

/** What the operation is about: the stored resource of the URL, the one sent along, or the one that `url` names. */
export async function subjectOf<T extends ValueSet | CodeSystem | ConceptMap>(
  call: OperationCall,
  parameter: string,
): Promise<T | string | undefined> {
  if (call.id !== undefined) return (await storedOne(call)) as T;
  const sent = call.input.resource(parameter);
  if (sent !== undefined && sent.resourceType !== call.type) {
    throw badRequest(`The parameter ${parameter} must be a ${call.type}.`, `Parameters.${parameter}`);
  }
  return (sent as T | undefined) ?? call.input.text('url');
}

/** As {@link subjectOf}, where one is needed. */
export async function neededSubject<T extends ValueSet | CodeSystem | ConceptMap>(
  call: OperationCall,
  parameter: string,
): Promise<T | string> {
  const subject = await subjectOf<T>(call, parameter);
  if (subject === undefined)
    throw badRequest('Say which one: the parameter url.', 'Parameters.url', 'required');
  return subject;
}

async function storedOne({ reader, type, id }: OperationCall): Promise<Resource> {
  const version = await reader.read(type as string, id as string);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`);
  if (version.deleted) throw gone(`This ${type} was deleted.`);
  return JSON.parse(version.content) as Resource;
}
