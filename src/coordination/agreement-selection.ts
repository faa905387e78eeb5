import type { Agreement } from './agreement.ts';
import type { Day } from './day.ts';
import { regionByCode, regionOn } from './regions.ts';

/** Jurisdiction of the agreement that holds where no regional one does. */
export const DEFAULT_JURISDICTION = 'DK';

/**
 * The agreement in force for a region on a day: a regional one before the default, then the one that began last,
 * then the highest version. Undefined when not even a default is in force.
 *
 * An agreement of a region that has ended binds nobody on later days (its municipalities have another region), so a
 * reform needs no change in the agreements before it.
 */
export function agreementFor(
  agreements: readonly Agreement[],
  regionCode: string | undefined,
  day: Day,
): Agreement | undefined {
  const region = regionCode === undefined ? undefined : inForceRegion(regionCode, day);
  const inForce = agreements.filter(
    (agreement) => (agreement.from ?? '') <= day && (agreement.until === undefined || day <= agreement.until),
  );
  return newest(inForce, region) ?? newest(inForce, DEFAULT_JURISDICTION);
}

/** A code that regions.ts does not know is taken as it stands: agreements may be made for regions still to come. */
const inForceRegion = (code: string, day: Day): string | undefined =>
  regionByCode(code) === undefined ? code : regionOn(code, day)?.code;

function newest(agreements: readonly Agreement[], jurisdiction: string | undefined): Agreement | undefined {
  if (jurisdiction === undefined) return undefined;
  return agreements
    .filter((agreement) => agreement.jurisdictions.some((coding) => coding.code === jurisdiction))
    .reduce<Agreement | undefined>(
      (best, next) => (best && compare(best, next) >= 0 ? best : next),
      undefined,
    );
}

function compare(a: Agreement, b: Agreement): number {
  const byStart = (a.from ?? '').localeCompare(b.from ?? '');
  if (byStart !== 0) return byStart;
  const byVersion = (a.plan.version ?? '').localeCompare(b.plan.version ?? '', 'en', { numeric: true });
  return byVersion !== 0 ? byVersion : (a.plan.id ?? '').localeCompare(b.plan.id ?? '');
}
