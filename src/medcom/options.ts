import type { Relevance } from './relevance.ts';

/** How messages and letters are received; everything has a default. */
export interface ReceiveOptions {
  /** Default `everyone`. */
  readonly relevance?: Relevance;
  /** The clock; an instant (`2026-03-12T13:05:00.000Z`). */
  readonly now?: () => string;
}

export function currentInstant(options: ReceiveOptions): string {
  return options.now?.() ?? new Date().toISOString();
}
