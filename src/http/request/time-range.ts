import { Temporal } from 'temporal-polyfill';
import { badRequest } from '../../fhir/outcome.ts';

const DATE_TIME =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** From (inclusive) to (inclusive, to the millisecond), UTC instants. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The time that a FHIR date or dateTime covers, to the precision written; days are those of `zone`.
 * @throws FhirError 400 when the text is none, or names a day that does not exist.
 */
export function timeRange(text: string, zone: string, expression: string): TimeRange {
  const [, year, month, day, time, offset] = DATE_TIME.exec(text.replace(' ', '+')) ?? [];
  const wrong = badRequest(
    'Expected a date or dateTime such as 2026-03-12 or 2026-03-12T08:15:00Z.',
    expression,
  );
  if (year === undefined) throw wrong;
  try {
    const start = Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`);
    if (time === undefined) {
      const step = day !== undefined ? { days: 1 } : month !== undefined ? { months: 1 } : { years: 1 };
      return range(startOfDay(start, zone), startOfDay(start.add(step), zone));
    }
    const from = Temporal.Instant.from(
      offset === undefined
        ? Temporal.PlainDateTime.from(`${start}T${time}`)
            .toZonedDateTime(zone)
            .toString({ timeZoneName: 'never' })
        : `${start}T${time}${offset}`,
    );
    const length = time.length === 5 ? 60_000 : time.includes('.') ? 1 : 1000;
    return range(from, from.add({ milliseconds: length }));
  } catch {
    throw wrong;
  }
}

function startOfDay(date: Temporal.PlainDate, zone: string): Temporal.Instant {
  return date.toZonedDateTime(zone).startOfDay().toInstant();
}

function range(from: Temporal.Instant, until: Temporal.Instant): TimeRange {
  return { from: iso(from.epochMilliseconds), to: iso(until.epochMilliseconds - 1) };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
