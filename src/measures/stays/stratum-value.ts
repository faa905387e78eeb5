import type { CodeableConcept, Organization } from '@medplum/fhirtypes';
import { municipality } from '../../coordination/municipalities.ts';
import { regionByCode } from '../../coordination/regions.ts';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import type { CompiledGroup, StratifierPart } from '../compile/compiled-measure.ts';
import type { GroupTally } from '../report/tally.ts';
import { COMPONENT } from './verdict.ts';

/** Names of the organisations that occur as stratum values (`Organization/[id]`). */
export type Names = ReadonlyMap<string, string>;

const ORGANIZATION = /^Organization\/([A-Za-z0-9\-.]{1,64})$/;
const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';

/** The names of all organisations among the strata, in one read. */
export async function namesOfStrata(reader: Reader, tallies: readonly GroupTally[]): Promise<Names> {
  const values = tallies.flatMap((tally) => tally.strata.flatMap((strata) => [...strata.keys()]));
  const ids = new Set(
    values.flatMap((value) => value.split(COMPONENT)).flatMap((value) => ORGANIZATION.exec(value)?.[1] ?? []),
  );
  if (ids.size === 0) return new Map();
  const found = await reader.readMany([...ids].map((id) => ({ type: 'Organization', id })));
  return new Map(
    [...found].map(([key, version]) => [key, (JSON.parse(version.content) as Organization).name ?? key]),
  );
}

/** A stratum value as MeasureReport has it: coded where the stratifier names a code system; `unknown` for none. */
export function stratumValue(part: StratifierPart, value: string, names: Names): CodeableConcept {
  if (value === '') {
    return { coding: [{ system: DATA_ABSENT, code: 'unknown', display: 'Unknown' }], text: 'Uoplyst' };
  }
  const name = nameOf(part, value, names);
  if (part.system === undefined) return { text: name ?? value };
  return {
    coding: [{ system: part.system, code: value, ...(name && { display: name }) }],
    text: name ?? value,
  };
}

function nameOf(part: StratifierPart, value: string, names: Names): string | undefined {
  if (part.system === CODE_SYSTEM.municipality) return municipality(value)?.name;
  if (part.system === CODE_SYSTEM.region) return regionByCode(value)?.name;
  return names.get(value);
}

/** The values of a stratifier's parts. */
export function partsOf(group: CompiledGroup, stratifier: number, value: string): [StratifierPart, string][] {
  const parts = group.stratifiers[stratifier]?.parts ?? [];
  const values = value.split(COMPONENT);
  return parts.map((part, index) => [part, values[index] ?? '']);
}
