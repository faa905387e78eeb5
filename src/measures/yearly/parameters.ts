import type { Measure } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import type { Reader } from '../../store/store.ts';
import { pages } from '../pages.ts';
import { PARAMETER_SYSTEM } from '../vocabulary.ts';
import type { Parameter } from './model.ts';

export interface ParameterMeasure {
  /** `P1` … */
  readonly id: string;
  readonly measure: Measure & { readonly id: string };
}

/**
 * The stored Measures of the national parameters: those with an identifier of the parameter system, neither draft
 * nor retired, in the order of their short names.
 * @throws FhirError 400 when two Measures claim the same parameter: which one is meant nobody can know
 */
export async function parameterMeasures(reader: Reader): Promise<readonly ParameterMeasure[]> {
  const found = new Map<string, ParameterMeasure>();
  for await (const page of pages<Measure>(reader, 'Measure', [])) {
    for (const measure of page) {
      const id = measure.identifier?.find(({ system }) => system === PARAMETER_SYSTEM)?.value;
      if (id === undefined || measure.id === undefined || measure.status !== 'active') continue;
      if (found.has(id)) {
        throw badRequest(
          `Two active Measures are parameter ${id}: retire one of ${found.get(id)!.measure.id} and ${measure.id}`,
          'Measure.identifier',
          'conflict',
        );
      }
      found.set(id, { id, measure: measure as ParameterMeasure['measure'] });
    }
  }
  return [...found.values()].sort((a, b) => a.id.localeCompare(b.id, 'da', { numeric: true }));
}

/** What the report says of a Measure, in its own (Danish) words. */
export function parameterOf(id: string, measure: Measure): Parameter {
  const population = (code: string) =>
    measure.group?.[0]?.population?.find((one) => one.code?.coding?.some((coding) => coding.code === code))
      ?.description ?? 'ingen';
  const notation = measure.improvementNotation?.coding?.some(({ code }) => code === 'decrease');
  return {
    id,
    url: measure.url ?? `Measure/${measure.id}`,
    version: measure.version ?? measure.meta?.versionId ?? '',
    title: measure.title ?? measure.name ?? id,
    definition: measure.description ?? '',
    notation: notation ? 'decrease' : 'increase',
    populations: {
      denominator: population('denominator'),
      numerator: population('numerator'),
      excluded: population('denominator-exclusion'),
      pending: population('denominator-exception'),
    },
  };
}
