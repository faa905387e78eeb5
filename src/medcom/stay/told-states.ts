import type { StayEventRow } from '../../store/receipts/rows.ts';
import { type Assignment, assignStays } from './assign.ts';
import type { StayState } from './fold.ts';
import type { LoggedEvent } from './stay-event.ts';
import { staysOfCitizen } from './stays-of-citizen.ts';

/** States of stays by the Encounter that stands for each. */
export type ToldStates = ReadonlyMap<string, StayState>;

/** Characters of the logs whose states are kept: the next notification of a citizen finds the log as the last left it. */
const MOST = 8_000_000;

/** By the whole text of the log, of which alone they are a function. */
const kept = new Map<string, ToldStates>();
let characters = 0;

/** What the log by itself says of the citizen's stays. @param logged the same as the rows, parsed */
export function toldStates(rows: readonly StayEventRow[], logged: readonly LoggedEvent[]): ToldStates {
  return kept.get(textOf(rows)) ?? statesOf(assignStays(staysOfCitizen(logged), logged));
}

/**
 * Keeps what a log says, where it was worked out with the last notifications in it.
 * @param rows the log with the Encounters of the assignment
 */
export function keepToldStates(rows: readonly StayEventRow[], assignment: Assignment): void {
  // An event that stands for two stays names one of them: read again, the log might give the other its Encounter.
  const sources = assignment.stays.flatMap((stay) => stay.sources);
  if (new Set(sources).size !== sources.length) return;
  const text = textOf(rows);
  if (kept.has(text)) return;
  characters += text.length;
  if (characters > MOST) {
    kept.clear();
    characters = text.length;
  }
  kept.set(text, statesOf(assignment));
}

function statesOf({ stays }: Assignment): ToldStates {
  return new Map(stays.map((stay) => [stay.id, stay.state]));
}

/** The same for the same rows in any order. */
function textOf(rows: readonly StayEventRow[]): string {
  return rows
    .map(({ source, stay, event }) => `${source} ${stay} ${event}`)
    .sort()
    .join('\n');
}
