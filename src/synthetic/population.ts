import { dateTimeText, dayNumber, dayOf, endOfDay, HOUR, instantAt, readInstant } from './clock.ts';
import { CITIZENS } from './cpr.ts';
import { type ExpectedVerdict, expectedVerdicts } from './expected.ts';
import { courseInDialects, type Sending } from './medcom/course.ts';
import { type PopulationOptions, planCourse } from './plan/course.ts';
import { courseBundle } from './render/bundle.ts';

export type { PopulationOptions } from './plan/course.ts';

/** Between these the generator knows the agreements and the holidays. */
const EARLIEST = instantAt(dayNumber(2025, 1, 1), 0);
const LATEST = instantAt(dayNumber(2027, 12, 1), 0);

/** What was asked for, as text; see {@link populationOptions}. */
export interface PopulationRequest {
  readonly courses: number;
  readonly seed: string;
  readonly from: string;
  readonly until: string;
  /** How stays are told: as resources, or by the sectors' own messages and letters. */
  readonly as?: 'fhir' | 'medcom';
  /** Absent: noon on the day after the period. */
  readonly asOf?: string;
}

/** The quarter that the generator makes unless told otherwise; fixed, so that the same command gives the same bytes next year. */
export const DEFAULT_REQUEST: PopulationRequest = {
  courses: 400,
  seed: '1',
  from: '2026-01-01',
  until: '2026-03-31',
};

/**
 * Checks and reads what was asked for. `until` as a date is the last day included.
 * @throws RangeError naming the option and what it may be
 */
export function populationOptions(request: PopulationRequest): PopulationOptions {
  const { courses, seed } = request;
  if (!Number.isInteger(courses) || courses < 1 || courses > CITIZENS) {
    throw new RangeError(`courses must be a whole number from 1 to ${CITIZENS}`);
  }
  const at = (name: string, text: string): number => {
    try {
      return readInstant(text);
    } catch (error) {
      throw new RangeError(`${name}: ${(error as Error).message}`);
    }
  };
  const day = /^\d{4}-\d{2}-\d{2}$/.test(request.until);
  const from = at('from', request.from);
  const until = day ? endOfDay(dayOf(at('until', request.until))) + 1 : at('until', request.until);
  const asOf = request.asOf === undefined ? until + 12 * HOUR : at('as-of', request.asOf);
  if (from < EARLIEST || asOf > LATEST) {
    throw new RangeError(
      'from and as-of must lie between 2025-01-01 and 2027-12-01, where agreements and holidays are known',
    );
  }
  if (from >= until) throw new RangeError('until must be later than from');
  if (asOf < until)
    throw new RangeError(`as-of must not be earlier than the end of the period, ${dateTimeText(until)}`);
  return { courses, seed, from, until, asOf, sayable: request.as === 'medcom' };
}

export interface GeneratedCourse {
  /** One transaction Bundle, or a first one followed by messages and letters in their order. */
  readonly sendings: readonly Sending[];
  readonly expected: readonly ExpectedVerdict[];
}

/** The courses of a population one by one, so that any number fits in memory. */
export function* generateCourses(options: PopulationOptions): Generator<GeneratedCourse> {
  for (let index = 0; index < options.courses; index += 1) {
    const planned = planCourse(options, index);
    const sendings = options.sayable === true ? courseInDialects(planned) : [courseBundle(planned)];
    yield { sendings, expected: expectedVerdicts(planned) };
  }
}
