import type { Calendar } from './calendar.ts';
import { addDays, type Day, isDay } from './day.ts';

/**
 * A FHIR date, dateTime or instant as the span of time it can mean, in milliseconds since 1970: one and the same
 * millisecond for a full time, a local day for `2026-03-12`, a month, a year.
 */
export interface Moment {
  readonly earliest: number;
  readonly latest: number;
  readonly precision: 'time' | 'day' | 'month' | 'year';
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Times read before: a stay's few times are asked for again and again. */
const times = new Map<string, Moment | undefined>();
const REMEMBERED = 20_000;

/** Undefined for text that is no R4 date, dateTime or instant (datatypes.html#dateTime): a time needs its offset. */
export function momentOf(text: string | undefined, calendar: Calendar): Moment | undefined {
  if (text === undefined) return undefined;
  if (text.length > 10) return rememberedTime(text);
  if (text.length === 10 && isDay(text)) return spanOf(text, addDays(text, 1), 'day', calendar);
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

function rememberedTime(text: string): Moment | undefined {
  const known = times.get(text);
  if (known !== undefined || times.has(text)) return known;
  const moment = timeOf(text);
  // Only what is short is a time: long texts are not held on to.
  if (text.length > 40) return moment;
  if (times.size >= REMEMBERED) times.clear();
  times.set(text, moment);
  return moment;
}

function timeOf(text: string): Moment | undefined {
  const match = TIME.exec(text);
  if (match === null || !isDay(text.slice(0, 10))) return undefined;
  // A leap second is a valid FHIR time, but JavaScript's clock has none: it is the second after :59.
  const leap = match[1] === '60';
  const instant = Date.parse(leap ? `${text.slice(0, 17)}59${text.slice(19)}` : text);
  if (Number.isNaN(instant)) return undefined;
  const value = leap ? instant + 1000 : instant;
  return { earliest: value, latest: value, precision: 'time' };
}

function spanOf(first: Day, next: Day, precision: Moment['precision'], calendar: Calendar): Moment {
  return { earliest: calendar.startOf(first), latest: calendar.startOf(next) - 1, precision };
}

const texts = new Map<number, string>();

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
