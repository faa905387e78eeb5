import type { Calendar } from '../../coordination/calendar.ts';
import { isDay } from '../../coordination/day.ts';
import { instantText, momentOf } from '../../coordination/moment.ts';
import { badRequest } from '../../fhir/outcome.ts';

/** A measurement period: whole local days, both ends inclusive. */
export interface MeasurementPeriod {
  /** First and last local day, `2026-01-01`. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** First and last instant in UTC, milliseconds. */
  readonly start: string;
  readonly end: string;
}

const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;
/** A period outside is a slip of the pen; each of its days would still cost the database. */
const EARLIEST = '1900-01-01';
const LATEST = '2199-12-31';

/**
 * The period that two dates imply by their precision (R4 Measure-evaluate-measure): 2014 to 2014 is the whole year.
 * Days are local days of the calendar.
 * @throws FhirError 400 naming the parameter
 */
export function measurementPeriod(
  periodStart: string | undefined,
  periodEnd: string | undefined,
  calendar: Calendar,
): MeasurementPeriod {
  const from = implied('periodStart', periodStart, calendar);
  const to = implied('periodEnd', periodEnd, calendar);
  if (to.latest < from.earliest) {
    throw badRequest(
      'The period ends before it begins: exchange periodStart and periodEnd',
      'Parameters.periodEnd',
      'value',
    );
  }
  return {
    firstDay: calendar.dayOf(from.earliest),
    lastDay: calendar.dayOf(to.latest),
    start: instantText(from.earliest),
    end: instantText(to.latest),
  };
}

function implied(
  name: string,
  text: string | undefined,
  calendar: Calendar,
): { earliest: number; latest: number } {
  const at = `Parameters.${name}`;
  if (text === undefined) {
    throw badRequest(`Give ${name} as a date: 2026, 2026-03 or 2026-03-31`, at, 'required');
  }
  const exists = DATE.test(text) && isDay(`${text}${'-01-01'.slice(text.length - 4)}`);
  const moment = exists ? momentOf(text, calendar) : undefined;
  if (moment === undefined)
    throw badRequest(`${name} is no date: write 2026, 2026-03 or 2026-03-31`, at, 'value');
  if (text < EARLIEST.slice(0, text.length) || text > LATEST.slice(0, text.length)) {
    throw badRequest(`${name} lies outside ${EARLIEST} to ${LATEST}`, at, 'value');
  }
  return moment;
}

/** An instant from a parameter that is a dateTime; a day without time is its last instant. @throws FhirError 400 */
export function instantParameter(name: string, text: string, calendar: Calendar): string {
  const moment = momentOf(text, calendar);
  if (moment === undefined) {
    throw badRequest(
      `${name} is no dateTime: write 2026-03-31 or 2026-03-31T12:00:00+02:00`,
      `Parameters.${name}`,
      'value',
    );
  }
  return instantText(moment.latest);
}
