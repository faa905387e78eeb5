import { CODE_SYSTEM, OVERGANG } from '../fhir/canonical.ts';
import type { Day } from './day.ts';
import { municipality } from './municipalities.ts';

/**
 * Which region a municipality belongs to, on which day. On 1 January 2027 Region Hovedstaden and Region Sjælland
 * become Region Østdanmark (L 213/L 214). Its ISO 3166-2 code is not published: Overgang uses a code of its own in
 * its own system until it is, and guesses none.
 */
export interface Region {
  readonly system: string;
  readonly code: string;
  /** Danish name, as the region writes it. */
  readonly name: string;
  readonly nameEn: string;
  /** First day of the region; absent: since 2007, when regions began. */
  readonly from?: Day;
  /** Last day of the region; absent: still there. */
  readonly until?: Day;
  /** Codes of the regions whose municipalities this one took over on its first day. */
  readonly successorOf?: readonly string[];
}

/** System of region codes that ISO 3166-2 has not (yet) given. */
export const LOCAL_REGION_SYSTEM = `${OVERGANG}/CodeSystem/region`;

const iso = (code: string, name: string, nameEn: string, until?: Day): Region => ({
  system: CODE_SYSTEM.region,
  code,
  name,
  nameEn,
  ...(until === undefined ? {} : { until }),
});

export const REGIONS: readonly Region[] = [
  iso('DK-81', 'Region Nordjylland', 'North Denmark Region'),
  iso('DK-82', 'Region Midtjylland', 'Central Denmark Region'),
  iso('DK-83', 'Region Syddanmark', 'Region of Southern Denmark'),
  iso('DK-84', 'Region Hovedstaden', 'Capital Region of Denmark', '2026-12-31'),
  iso('DK-85', 'Region Sjælland', 'Region Zealand', '2026-12-31'),
  {
    system: LOCAL_REGION_SYSTEM,
    code: 'oestdanmark',
    name: 'Region Østdanmark',
    nameEn: 'Region of Eastern Denmark',
    from: '2027-01-01',
    successorOf: ['DK-84', 'DK-85'],
  },
];

const byCode = new Map(REGIONS.map((region) => [region.code, region]));

/** The region of a municipality code on a day; undefined for Christiansø, Greenland and unknown codes. */
export function regionOfMunicipality(municipalityCode: string, day: Day): Region | undefined {
  const known = municipality(municipalityCode);
  return known === undefined ? undefined : regionOn(known.regionOf2007, day);
}

/**
 * The region that holds a region code's municipalities on a day: itself, or its successor once it has ended.
 * Undefined for a region that has not begun: which of its predecessors was meant cannot be known.
 */
export function regionOn(regionCode: string, day: Day): Region | undefined {
  const region = byCode.get(regionCode);
  if (region === undefined || (region.from !== undefined && day < region.from)) return undefined;
  if (region.until === undefined || day <= region.until) return region;
  const successor = REGIONS.find((candidate) => candidate.successorOf?.includes(regionCode));
  return successor === undefined ? undefined : regionOn(successor.code, day);
}

/** A region by its code, whether or not it exists on any given day. */
export function regionByCode(code: string): Region | undefined {
  return byCode.get(code);
}
