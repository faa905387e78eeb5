import { HOUR, type Instant, MINUTE } from '../clock.ts';
import type { Random } from '../random.ts';

/** The instants at which something would count; empty when `until` lies before `from`. Both ends count. */
export interface Window {
  readonly from: Instant;
  readonly until: Instant;
}

export function isEmpty(window: Window): boolean {
  return window.until < window.from;
}

export function before(window: Window, limit: Instant): Window {
  return { from: window.from, until: Math.min(window.until, limit) };
}

/** A time inside, on the minute where one fits; early times are likelier. */
export function within(random: Random, window: Window): Instant {
  const chosen = window.from + (window.until - window.from) * random.next() ** 2;
  return Math.max(window.from, Math.floor(chosen / MINUTE) * MINUTE);
}

/** A time after the window, minutes to four days late. */
export function afterwards(random: Random, window: Window): Instant {
  const late = 2 * MINUTE + 96 * HOUR * random.next() ** 3;
  return Math.floor((window.until + late) / MINUTE) * MINUTE;
}
