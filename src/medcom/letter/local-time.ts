import { Temporal } from 'temporal-polyfill';
import type { XmlElement } from '../../fhir/xml/reader.ts';
import { child, textAt } from './elements.ts';
import { LetterError } from './letter-error.ts';

const ZONE = 'Europe/Copenhagen';

/**
 * A letter's local date and time as an instant with offset. Letters carry no zone, so an hour that comes twice
 * (the last Sunday of October) is the first one, unless that would lie before `notBefore`, which it cannot.
 * @throws LetterError for a date that does not exist, or a time that was skipped (the last Sunday of March)
 */
export function localInstant(date: string, time: string, place: string, notBefore?: string): string {
  const plain = parse(date, time, place);
  const earlier = plain.toZonedDateTime(ZONE, { disambiguation: 'earlier' });
  const later = plain.toZonedDateTime(ZONE, { disambiguation: 'later' });
  if (!earlier.toPlainDateTime().equals(plain)) {
    throw new LetterError(
      'syntaksfejl',
      `${place}: ${date} ${time} findes ikke; uret blev stillet frem (skipped hour).`,
      place,
    );
  }
  const tooEarly = notBefore !== undefined && earlier.epochMilliseconds < Date.parse(notBefore);
  return instantText(tooEarly ? later : earlier);
}

/** `2026-03-12T14:05:00+01:00`. */
function instantText(time: Temporal.ZonedDateTime): string {
  return time.toString({ timeZoneName: 'never', smallestUnit: 'second' });
}

/** The local date and time of an instant, as letters write them. */
export function localParts(instant: string): {
  readonly date: string;
  readonly time: string;
  readonly seconds: string;
} {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).toPlainDateTime();
  const clock = local.toPlainTime().toString({ smallestUnit: 'second' });
  return { date: local.toPlainDate().toString(), time: clock.slice(0, 5), seconds: clock };
}

function parse(date: string, time: string, place: string): Temporal.PlainDateTime {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}(:\d{2})?$/.test(time)) {
    throw new LetterError(
      'syntaksfejl',
      `${place}: skriv Date som 2026-03-12 og Time som 14:05 (date or time).`,
      place,
    );
  }
  try {
    return Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' });
  } catch {
    throw new LetterError(
      'syntaksfejl',
      `${place}: ${date} ${time} findes ikke (no such date or time).`,
      place,
    );
  }
}

/** A DateTimeType element ({Date, Time | TimeWithSec}); undefined when the element is absent. */
export function readDateTime(parent: XmlElement, name: string, notBefore?: string): string | undefined {
  const element = child(parent, name);
  if (element === undefined) return undefined;
  const place = `${parent.name}/${name}`;
  const date = textAt(element, 'Date');
  const time = textAt(element, 'TimeWithSec') ?? textAt(element, 'Time');
  if (date === undefined || time === undefined) {
    throw new LetterError(
      'syntaksfejl',
      `${place}: Date og Time skal begge være der (both are required).`,
      place,
    );
  }
  return localInstant(date, time, place, notBefore);
}
