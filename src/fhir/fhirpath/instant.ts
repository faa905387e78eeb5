import types from 'fhirpath/src/types.js';

const { FP_DateTime: DateTime } = types;

/**
 * A FHIRPath dateTime in UTC to the millisecond that is known by its number. Comparing reads the number; the text, by
 * which the engine works, is written when somebody asks for it. To the engine it is a dateTime like any other.
 */
class Instant {
  readonly milliseconds: number;
  readonly ctx = null;
  private text: string | undefined = undefined;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  get asStr(): string {
    this.text ??= new Date(this.milliseconds).toISOString();
    return this.text;
  }
}
Object.setPrototypeOf(Instant.prototype, DateTime.prototype);
Object.defineProperty(Instant.prototype, 'constructor', { value: DateTime });

/** Other years are written with a sign, or read as years of the twentieth century. */
const FIRST = Date.UTC(1000, 0, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The dateTime of milliseconds since 1970. */
export function dateTimeAt(milliseconds: number): unknown {
  return milliseconds >= FIRST && milliseconds <= LAST && Number.isInteger(milliseconds)
    ? new Instant(milliseconds)
    : new DateTime(null, new Date(milliseconds).toISOString());
}

/** Milliseconds of what {@link dateTimeAt} made; undefined for anything else. */
export function millisecondsOf(item: unknown): number | undefined {
  return item instanceof Instant ? item.milliseconds : undefined;
}
