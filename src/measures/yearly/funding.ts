import type { Measure } from '@medplum/fhirtypes';
import { OVERGANG } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import { fundedIn, isNation } from '../funding.ts';
import { pages } from '../pages.ts';
import type { Funding, ReportUnit } from './model.ts';

/** The Measure that counts the courses says what is funded. */
const COURSES_MEASURE = `${OVERGANG}/Measure/courses`;

/** What is funded in a year, as the stored Measure of the courses has it; undefined where it says nothing. */
export async function fundingOf(
  reader: Reader,
  year: number,
  units: readonly ReportUnit[],
): Promise<Funding | undefined> {
  for await (const page of pages<Measure>(reader, 'Measure', [['url', COURSES_MEASURE]])) {
    for (const measure of page) {
      const funding = measure.status === 'active' ? fundingIn(measure, year, units) : undefined;
      if (funding !== undefined) return funding;
    }
  }
  return undefined;
}

export function fundingIn(
  measure: Pick<Measure, 'extension'>,
  year: number,
  units: readonly ReportUnit[],
): Funding | undefined {
  const areas = fundedIn(measure, year);
  const nation = areas.find(isNation);
  if (nation === undefined) return undefined;
  const { courses, regions, municipalities, source } = nation;
  const shares = areas.flatMap((one) => {
    const unit = units.find(({ system, code }) => system === one.area.system && code === one.area.code);
    return unit === undefined || isNation(one) ? [] : [{ unit: unit.id, ...one }];
  });
  return {
    courses,
    source,
    ...(regions === undefined || municipalities === undefined
      ? {}
      : { money: { regions: regions / 1e6, municipalities: municipalities / 1e6 } }),
    ...(shares.length === 0
      ? {}
      : {
          shares: {
            coursesOf: new Map(shares.map(({ unit, courses: own }) => [unit, own])),
            source: [...new Set(shares.map((one) => one.source))].join('; '),
          },
        }),
  };
}
