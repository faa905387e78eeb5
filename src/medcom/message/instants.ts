import { invalid, missing } from './message-error.ts';

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of a dateTime that carries its offset. */
export function millis(instant: string): number {
  return Date.parse(instant);
}

/**
 * A dateTime that says a moment: to the second and with an offset or Z (MedCom governance, danish-domain A.8).
 * @throws MessageError when it is absent, less precise, or no date of the calendar.
 */
export function requireInstant(value: string | undefined, expression: string): string {
  if (value === undefined)
    throw missing(expression, `${expression} is required: a date and time with time zone.`);
  if (!WITH_ZONE.test(value) || Number.isNaN(millis(value)) || !isCalendarDate(value)) {
    throw invalid(
      expression,
      `${expression} must be an existing date and time with time zone, like 2026-03-12T14:05:00+01:00.`,
      'MSG_DATE_FORMAT',
    );
  }
  return value;
}

/** Date.parse rolls 31 February over to March; this does not. */
function isCalendarDate(value: string): boolean {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year!, month! - 1, day!)).getUTCDate() === day;
}
