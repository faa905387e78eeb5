import type { Coding, PlanDefinition } from '@medplum/fhirtypes';
import type { Day } from './day.ts';
import { regionByCode, regionOn } from './regions.ts';

/** Jurisdiction of what holds where no region has its own. */
export const DEFAULT_JURISDICTION = 'DK';

/** A PlanDefinition that holds for jurisdictions within days: an agreement, criteria of inclusion. */
export interface Effective {
  readonly jurisdictions: readonly Coding[];
  /** First and last local day on which it is in force; absent: open. */
  readonly from?: Day;
  readonly until?: Day;
  readonly plan: PlanDefinition;
}

/**
 * The agreement in force for a region on a day: a regional one before the default, then the one that began last,
 * then the highest version. Undefined when not even a default is in force.
 *
 * An agreement of a region that has ended binds nobody on later days (its municipalities have another region), so a
 * reform needs no change in the agreements before it.
 */
export function agreementFor<T extends Effective>(
  agreements: readonly T[],
  regionCode: string | undefined,
  day: Day,
): T | undefined {
  const region = regionCode === undefined ? undefined : inForceRegion(regionCode, day);
  const inForce = agreements.filter(
    (agreement) => (agreement.from ?? '') <= day && (agreement.until === undefined || day <= agreement.until),
  );
  return newest(inForce, region) ?? newest(inForce, DEFAULT_JURISDICTION);
}

/** A code that regions.ts does not know is taken as it stands: agreements may be made for regions still to come. */
const inForceRegion = (code: string, day: Day): string | undefined =>
  regionByCode(code) === undefined ? code : regionOn(code, day)?.code;

function newest<T extends Effective>(
  agreements: readonly T[],
  jurisdiction: string | undefined,
): T | undefined {
  if (jurisdiction === undefined) return undefined;
  return agreements
    .filter(({ jurisdictions }) => jurisdictions.some(({ code }) => code === jurisdiction))
    .reduce<T | undefined>((best, next) => (best && compare(best, next) >= 0 ? best : next), undefined);
}

function compare(a: Effective, b: Effective): number {
  const byStart = (a.from ?? '').localeCompare(b.from ?? '');
  if (byStart !== 0) return byStart;
  const byVersion = (a.plan.version ?? '').localeCompare(b.plan.version ?? '', 'en', { numeric: true });
  return byVersion !== 0 ? byVersion : (a.plan.id ?? '').localeCompare(b.plan.id ?? '');
}
