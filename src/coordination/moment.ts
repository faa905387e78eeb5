import type { Calendar } from './calendar.ts';
import {
  addDays,
  type Day,
  isDay,
  MILLISECONDS_A_DAY,
  numberOfDay,
  startsWithDay,
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

const texts = new Map<number, string>();
const REMEMBERED = 20_000;

/** Milliseconds as a FHIR instant in UTC. */
export function instantText(instant: number): string {
  let text = texts.get(instant);
  if (text === undefined) {
    text = new Date(instant).toISOString();
    if (texts.size >= REMEMBERED) texts.clear();
    texts.set(instant, text);
  }
  return text;
}
