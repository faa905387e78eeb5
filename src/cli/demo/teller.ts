import { dateTimeText, readInstant } from '../../synthetic/clock.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../style.ts';

/** Prints the story step by step. */
export interface Teller {
  begin(title: string): void;
  /** Who does what, when (dateTime). */
  step(at: string, who: string, what: string): void;
  /** What the server answered. */
  answer(text: string): void;
  /** A line below an answer. */
  detail(text: string): void;
  /** `13 March 09:12`, Danish time. */
  time(dateTime: string): string;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

function timeText(dateTime: string): string {
  if (dateTime === '') return '?';
  const text = dateTimeText(readInstant(dateTime));
  return `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]} ${text.slice(11, 16)}`;
}

export function teller(io: Io): Teller {
  const style = styleFor(io);
  return {
    begin: (title) => io.out(`${style.bold(title)}\n\n`),
    step: (at, who, what) => io.out(`  ${timeText(at).padEnd(15)} ${style.bold(who.padEnd(12))} ${what}\n`),
    answer: (text) => io.out(`${' '.repeat(31)}${style.dim(`← ${text}`)}\n`),
    detail: (text) => io.out(`${' '.repeat(33)}${style.dim(text)}\n`),
    time: timeText,
  };
}
