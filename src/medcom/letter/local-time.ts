import { Temporal } from 'temporal-polyfill';
import type { XmlElement } from '../../fhir/xml/reader.ts';
import { child, textAt } from './elements.ts';
import { LetterError } from './letter-error.ts';

const ZONE = 'Europe/Copenhagen';
const ORDINARY_TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** Offsets of days that have one offset from start to end, as nearly all have; letters speak of the same few days. */
const offsets = new Map<string, string>();
const REMEMBERED = 5_000;

/** Undefined where the clock is changed, and for what is no day. */
function offsetOf(date: string): string | undefined {
  const known = offsets.get(date);
  if (known !== undefined) return known;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  let start: Temporal.ZonedDateTime;
  try {
    start = Temporal.PlainDate.from(date, { overflow: 'reject' }).toZonedDateTime(ZONE);
  } catch {
    return undefined;
  }
  // Before 1894 the offset had seconds, which FHIR cannot write.
  if (start.hoursInDay !== 24 || start.offset.length !== 6) return undefined;
  if (offsets.size >= REMEMBERED) offsets.clear();
  offsets.set(date, start.offset);
  return start.offset;
}

/**
 * A letter's local date and time as an instant with offset. Letters carry no zone, so an hour that comes twice
 * (the last Sunday of October) is the first one, unless that would lie before `notBefore`, which it cannot.
 * @throws LetterError for a date that does not exist, or a time that was skipped (the last Sunday of March)
 */
export function localInstant(date: string, time: string, place: string, notBefore?: string): string {
  const offset = ORDINARY_TIME.test(time) ? offsetOf(date) : undefined;
  if (offset !== undefined) return `${date}T${time.length === 5 ? `${time}:00` : time}${offset}`;
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

/** In the hour that comes twice, as {@link localInstant} writes it. */
const TWICE = /^\d{4}-10-(?:2[5-9]|3[01])T02:\d{2}:\d{2}\+0[12]:00$/;

/** The same local time, read anew: the first of two such hours, unless that would lie before `notBefore`. */
export function readAnew(instant: string, notBefore?: string): string {
  return TWICE.test(instant)
    ? localInstant(instant.slice(0, 10), instant.slice(11, 19), '', notBefore)
    : instant;
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
  const local = MINUTE.test(instant) ? localMinute(instant.slice(0, 16)) : localTime(instant);
  const clock = `${local.slice(11, 16)}:${MINUTE.test(instant) ? instant.slice(17, 19) : local.slice(17, 19)}`;
  return { date: local.slice(0, 10), time: clock.slice(0, 5), seconds: clock };
}

/** An instant in UTC since offsets are whole minutes. */
const MINUTE = /^[2-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:[0-5]\d(\.\d+)?Z$/;

let last = { minute: '', local: '' };

/** Receipts are of now: of the same minute as the one before. */
function localMinute(minute: string): string {
  if (last.minute !== minute) last = { minute, local: localTime(`${minute}:00Z`) };
  return last.local;
}

function localTime(instant: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return local.toString({ smallestUnit: 'second' });
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
