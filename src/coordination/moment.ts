import type { Calendar } from './calendar.ts';
import {
  addDays,
  type Day,
  isDay,
  MILLISECONDS_A_DAY,
  numberOfDay,
  startsWithDay,
  textOfDay,
  twoDigits,
} from './day.ts';

/**
 * A FHIR date, dateTime or instant as the span of time it can mean, in milliseconds since 1970: one and the same
 * millisecond for a full time, a local day for `2026-03-12`, a month, a year.
 */
export interface Moment {
  readonly earliest: number;
  readonly latest: number;
  readonly precision: 'time' | 'day' | 'month' | 'year';
}

const TIME = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Undefined for text that is no R4 date, dateTime or instant (datatypes.html#dateTime): a time needs its offset. */
export function momentOf(text: string | undefined, calendar: Calendar): Moment | undefined {
  if (text === undefined) return undefined;
  if (text.length > 10) return timeOf(text);
  if (text.length === 10 && isDay(text)) {
    return { earliest: calendar.startOf(text), latest: calendar.endOf(text), precision: 'day' };
  }
  if (/^\d{4}-\d{2}$/.test(text) && isDay(`${text}-01`)) {
    const next = addDays(`${text}-01`, 31).slice(0, 7);
    return spanOf(`${text}-01`, `${next}-01`, 'month', calendar);
  }
  if (/^\d{4}$/.test(text)) {
    const next = String(Number(text) + 1).padStart(4, '0');
    return spanOf(`${text}-01-01`, `${next}-01-01`, 'year', calendar);
  }
  return undefined;
}

function timeOf(text: string): Moment | undefined {
  const usual = usualTime(text);
  if (usual !== undefined) return { earliest: usual, latest: usual, precision: 'time' };
  const match = TIME.exec(text);
  if (match === null || !isDay(text.slice(0, 10))) return undefined;
  // A leap second is a valid FHIR time, but JavaScript's clock has none: it is the second after :59.
  const leap = match[1] === '60';
  const instant = Date.parse(leap ? `${text.slice(0, 17)}59${text.slice(19)}` : text);
  if (Number.isNaN(instant)) return undefined;
  const value = leap ? instant + 1000 : instant;
  return { earliest: value, latest: value, precision: 'time' };
}

const COLON = 58;
const POINT = 46;
const PLUS = 43;
const MINUS = 45;
const TEE = 84;
const ZED = 90;
/** Beyond it, Date.parse is asked what it thinks of the offset. */
const FARTHEST = 14;

/**
 * Milliseconds of a time as nearly all are written, `2026-03-12T09:00:00+01:00`, with or without milliseconds;
 * undefined for any other. Every time of every fact is read here: it takes a tenth of what Date.parse takes.
 */
function usualTime(text: string): number | undefined {
  const { length } = text;
  if (!startsWithDay(text) || text.charCodeAt(10) !== TEE) return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  let at = 19;
  let milliseconds = 0;
  if (text.charCodeAt(at) === POINT) {
    const tens = twoDigits(text, 20);
    const ones = text.charCodeAt(22) - 48;
    if (tens < 0 || !(ones >= 0 && ones <= 9)) return undefined;
    milliseconds = tens * 10 + ones;
    at = 23;
  }
  const local =
    numberOfDay(text) * MILLISECONDS_A_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
  const sign = text.charCodeAt(at);
  if (sign === ZED) return length === at + 1 ? local : undefined;
  if ((sign !== PLUS && sign !== MINUS) || length !== at + 6 || text.charCodeAt(at + 3) !== COLON)
    return undefined;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (hours < 0 || hours > FARTHEST || minutes < 0 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60_000;
  return sign === PLUS ? local - offset : local + offset;
}

function spanOf(first: Day, next: Day, precision: Moment['precision'], calendar: Calendar): Moment {
  return { earliest: calendar.startOf(first), latest: calendar.startOf(next) - 1, precision };
}

/** A stay's few instants are written again and again: each has one place, which the next one there takes over. */
const PLACES = 1024;
const instants = new Float64Array(PLACES).fill(Number.NaN);
const texts: string[] = new Array(PLACES).fill('');

/** Milliseconds as a FHIR instant in UTC. */
export function instantText(instant: number): string {
  const place = (instant / 1000) & (PLACES - 1);
  let text = texts[place];
  if (text === undefined || instants[place] !== instant) {
    text = writtenText(instant);
    instants[place] = instant;
    texts[place] = text;
  }
  return text;
}

/** The years that are written with four figures. */
const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** `T09:30:` for each minute of a day. */
const MINUTES = Array.from(
  { length: 24 * 60 },
  (_, minute) => `T${padded(Math.floor(minute / 60), 2)}:${padded(minute % 60, 2)}:`,
);

/** As Date writes it, in a third of the time. */
function writtenText(instant: number): string {
  if (!Number.isInteger(instant) || instant < FIRST || instant > LAST) return new Date(instant).toISOString();
  const day = Math.floor(instant / MILLISECONDS_A_DAY);
  const inDay = instant - day * MILLISECONDS_A_DAY;
  const minute = Math.floor(inDay / 60_000);
  return textOfDay(day) + MINUTES[minute] + secondsText(inDay - minute * 60_000);
}

function secondsText(milliseconds: number): string {
  if (milliseconds === 0) return '00.000Z';
  const seconds = Math.floor(milliseconds / 1000);
  return `${padded(seconds, 2)}.${padded(milliseconds - seconds * 1000, 3)}Z`;
}

function padded(number: number, figures: number): string {
  return String(number).padStart(figures, '0');
}
