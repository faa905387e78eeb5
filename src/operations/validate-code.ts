import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';
import { resourceSource } from '../fhir/definitions/resource-source.ts';
import { validateInCodeSystem, validateInValueSet } from '../fhir/terminology/validate-code.ts';
import type { Operation, OperationParameter } from './operation.ts';
import { CODED, codeInput, neededSubject, optional, subjectOf } from './terminology.ts';

const SHARED: readonly OperationParameter[] = [
  ...CODED,
  optional('display', 'string', 'The display, to be checked too.'),
  optional('displayLanguage', 'code', 'Language of the display answered.'),
  optional('abstract', 'boolean', 'Whether an abstract concept is valid.'),
];

/** `ValueSet/$validate-code` (R4 valueset-operation-validate-code.html). */
export const validateCodeInValueSet: Operation = {
  name: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  title: 'Is the code in the value set?',
  documentation: 'Whether a code, Coding or CodeableConcept is in a value set.',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  affectsState: false,
  parameters: [
    optional('url', 'uri', 'Canonical URL of the value set.'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    ...SHARED,
  ],
  run: async (call) => {
    const subject = await neededSubject<ValueSet>(call, 'valueSet');
    return { resource: validateInValueSet(await call.definitions(), subject, codeInput(call)) };
  },
};

/** `CodeSystem/$validate-code` (R4 codesystem-operation-validate-code.html). */
export const validateCodeInCodeSystem: Operation = {
  name: 'validate-code',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  title: 'Is the code in the code system?',
  documentation: 'Whether a code, Coding or CodeableConcept is of a code system.',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  affectsState: false,
  parameters: [
    optional('url', 'uri', "Canonical URL of the code system; else that of the coding's system."),
    optional('codeSystem', 'CodeSystem', 'The code system itself.'),
    ...SHARED,
  ],
  run: async (call) => {
    const subject = await subjectOf<CodeSystem>(call, 'codeSystem');
    const definitions = await call.definitions();
    const isSent = subject !== undefined && typeof subject !== 'string';
    return {
      resource: validateInCodeSystem(
        isSent ? resourceSource([subject], definitions) : definitions,
        isSent ? subject.url : (subject as string | undefined),
        codeInput(call),
      ),
    };
  },
};
