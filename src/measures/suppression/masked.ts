import type { Extension, MeasureReportGroupPopulation, Quantity } from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonical.ts';
import type { Published } from './suppress.ts';

/** The extension that says why a value is not there (R4 StructureDefinition/data-absent-reason). */
function absent(reason: 'masked' | 'not-applicable' | 'unknown'): Extension {
  return { url: EXTENSION.dataAbsentReason, valueCode: reason };
}

/** FHIR JSON puts the extensions of a primitive beside it, under its name with an underscore. */
type WithCount = MeasureReportGroupPopulation & { _count?: { extension: Extension[] } };

/** The population with its count, or with `masked` in the count's place. */
export function withCount(population: MeasureReportGroupPopulation, count: Published): WithCount {
  return 'value' in count
    ? { ...population, count: count.value }
    : { ...population, _count: { extension: [absent('masked')] } };
}

/** The score: the rate; else `masked` when a count it rests on is, and `not-applicable` when there is nothing to share. */
export function scoreOf(row: {
  readonly rate?: number;
  readonly numerator: Published;
  readonly scored: Published;
}): Quantity {
  if (row.rate !== undefined) return { value: Math.round(row.rate * 1e6) / 1e6 };
  const hidden = 'masked' in row.numerator || 'masked' in row.scored;
  return { extension: [absent(hidden ? 'masked' : 'not-applicable')] };
}

/** As text: the number in digits, or its mark (`<5`, `*`). */
export function textOf(count: Published): string {
  return 'value' in count ? String(count.value) : count.masked;
}
