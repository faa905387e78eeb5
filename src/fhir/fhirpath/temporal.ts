import type { Temporal, TemporalClass } from 'fhirpath/src/types.js';
import { millisecondsOf } from './instant.ts';

/** Dates and times are immutable and the same ones come again and again: worked out once, and forgotten all at once. */
const MOST = 10_000;

function rememberingByClass<T>(): (kind: TemporalClass) => Map<string, T> {
  const all = new Map<TemporalClass, Map<string, T>>();
  return (kind) => {
    let known = all.get(kind);
    if (known === undefined || known.size >= MOST) {
      known = new Map();
      all.set(kind, known);
    }
    return known;
  };
}

const temporals = rememberingByClass<Temporal | null>();

/** Text as the engine's date or time; null when it is none. */
export function temporalOf(kind: TemporalClass, text: string, context: unknown): Temporal | null {
  const known = temporals(kind);
  let value = known.get(text);
  if (value === undefined) {
    value = kind.checkString(context, text);
    known.set(text, value);
  }
  return value;
}

interface Point {
  readonly precision: number;
  /** Milliseconds since 1970, as the engine reckons them. */
  readonly time: number;
}

const points = rememberingByClass<Point>();

/** Of a dateTime with seconds, as the engine counts. */
const TO_THE_SECOND = 5;

/** What the engine compares of a date or dateTime. */
export function pointOf(temporal: Temporal): Point {
  const time = millisecondsOf(temporal);
  if (time !== undefined) return { precision: TO_THE_SECOND, time };
  const known = points(temporal.constructor as TemporalClass);
  let point = known.get(temporal.asStr);
  if (point === undefined) {
    point = { precision: temporal._getPrecision(), time: temporal._getDateObj().getTime() };
    known.set(temporal.asStr, point);
  }
  return point;
}
