import type { Coding, Extension, Measure } from '@medplum/fhirtypes';
import { COURSE_FUNDING } from './vocabulary.ts';

/** What is funded in an area in each of some years. */
export interface AreaFunding {
  readonly area: Pick<Coding, 'system' | 'code'>;
  /** Courses a year. */
  readonly courses: number;
  /** Kroner a year, from the regions and from the municipalities. */
  readonly regions?: number;
  readonly municipalities?: number;
  /** Who says so. */
  readonly source: string;
}

const ISO_COUNTRY = 'urn:iso:std:iso:3166';

/**
 * What a Measure says is funded in a year, one for each area: of several for an area the one that began last. One
 * without an end holds until another begins.
 */
export function fundedIn(measure: Pick<Measure, 'extension'>, year: number): readonly AreaFunding[] {
  const found = new Map<string, { readonly start: string; readonly funding: AreaFunding }>();
  for (const { url, extension = [] } of measure.extension ?? []) {
    if (url !== COURSE_FUNDING) continue;
    const part = (name: string): Extension | undefined => extension.find((one) => one.url === name);
    const area = part('area')?.valueCoding;
    const { start = '', end } = part('period')?.valuePeriod ?? {};
    const courses = part('courses')?.valueInteger;
    if (area?.code === undefined || courses === undefined) continue;
    if (start.slice(0, 4) > String(year) || (end !== undefined && end.slice(0, 4) < String(year))) continue;
    const key = `${area.system}|${area.code}`;
    const known = found.get(key);
    if (known !== undefined && known.start > start) continue;
    const [regions, municipalities] = [part('regions'), part('municipalities')].map(
      (one) => one?.valueMoney?.value,
    );
    const funding = {
      area: { system: area.system, code: area.code },
      courses,
      ...(regions === undefined ? {} : { regions }),
      ...(municipalities === undefined ? {} : { municipalities }),
      source: part('source')?.valueString ?? '',
    };
    found.set(key, { start, funding: funding as AreaFunding });
  }
  return [...found.values()].map(({ funding }) => funding);
}

export function isNation({ area }: AreaFunding): boolean {
  return area.system === ISO_COUNTRY && area.code === 'DK';
}
