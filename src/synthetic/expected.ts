import { dateTimeText, type Instant } from './clock.ts';
import { idOf } from './identity.ts';
import { governingRegion, type PlannedCourse, type Verdict } from './plan/types.ts';
import { episodeIdentifier } from './render/stay.ts';

/** One line of expected.ndjson: what a measure must find for one stay. Times are FHIR dateTimes, absent where there is none. */
export interface ExpectedVerdict {
  /** Logical ids of the EpisodeOfCare and the Encounter. */
  readonly course: string;
  readonly stay: string;
  /** The stay's episode identifier for matching (32 hex digits): by it a stay is found whose id the server gave. */
  readonly episode: string;
  /** Id of the Measure. */
  readonly measure: string;
  readonly verdict: Verdict;
  /** How it came about: `died`, `late`, `corrected` … */
  readonly how: string;
  /** ISO 3166-2 code of the region whose agreement governs the stay. */
  readonly region: string;
  /** Admission for P1, discharge for the others: decides the measurement period. */
  readonly anchor?: string;
  readonly due?: string;
  /** When it was done, in time or late. */
  readonly actual?: string;
}

const time = (name: string, instant: Instant | undefined): object =>
  instant === undefined ? {} : { [name]: dateTimeText(instant) };

export function expectedVerdicts(course: PlannedCourse): ExpectedVerdict[] {
  return course.stays.flatMap((stay) =>
    stay.verdicts.map((planted) => ({
      course: idOf(`${course.key}/course`),
      stay: idOf(stay.key),
      episode: episodeIdentifier(stay).replaceAll('-', ''),
      measure: planted.measure,
      verdict: planted.verdict,
      how: planted.how,
      region: governingRegion(course.citizen, stay.shape.hospital),
      ...time('anchor', planted.anchor),
      ...time('due', planted.due),
      ...time('actual', planted.actual),
    })),
  );
}
