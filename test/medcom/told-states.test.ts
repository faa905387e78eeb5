import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignStays } from '../../src/medcom/stay/assign.ts';
import type { LoggedEvent, StayEvent } from '../../src/medcom/stay/stay-event.ts';
import { staysOfCitizen } from '../../src/medcom/stay/stays-of-citizen.ts';
import { keepToldStates, toldStates } from '../../src/medcom/stay/told-states.ts';
import type { StayEventRow } from '../../src/store/receipts/rows.ts';
import { episode, event } from './stay-scenario.ts';

const told = fc
  .record({
    kind: fc.constantFrom(
      'admit-emergency',
      'admit-inpatient',
      'start-leave',
      'end-leave',
      'discharge',
      'death',
    ),
    mode: fc.constantFrom('new', 'new', 'revise', 'cancel'),
    day: fc.integer({ min: 2, max: 9 }),
    sent: fc.integer({ min: 2, max: 9 }),
    episode: fc.constantFrom('a', 'b', 'c'),
    asksForReport: fc.constantFrom(undefined, true, false),
    corrects: fc.option(fc.nat(4), { nil: undefined }),
  } as const)
  .map(
    ({ kind, mode, day, sent, episode: key, asksForReport, corrects }) =>
      (before: readonly StayEvent[]): StayEvent => {
        const corrected = corrects === undefined ? undefined : before[corrects]?.source;
        return event(kind, `0${day}T10`, {
          mode,
          sent: `2026-03-0${sent}T11:00:00Z`,
          episodes: [episode(key)],
          ...(asksForReport === undefined ? {} : { reportRequested: asksForReport }),
          predecessors: corrected === undefined ? [] : [corrected],
        });
      },
  );

/** As followStays stores a log, and reads it for the next notification. */
function stored(log: readonly LoggedEvent[]) {
  const assignment = assignStays(staysOfCitizen(log), log);
  const stayOf = new Map(
    assignment.stays.flatMap(({ id, sources }) => sources.map((source) => [source, id])),
  );
  const rows = log.map(({ stayId, ...one }): StayEventRow => {
    const stay = stayOf.get(one.source) ?? stayId ?? null;
    return { source: one.source, stay, event: JSON.stringify(one) };
  });
  const logged = rows.map(
    (row): LoggedEvent => ({
      ...(JSON.parse(row.event) as StayEvent),
      ...(row.stay === null ? {} : { stayId: row.stay }),
    }),
  );
  return { assignment, rows, logged };
}

it('what is kept of a log is what the log says when it is read again', () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 7 }), (list) => {
      let log: readonly LoggedEvent[] = [];
      for (const make of list) {
        const { assignment, rows, logged } = stored([...log, make(log)]);
        keepToldStates(rows, assignment);
        const answer = toldStates([...rows].reverse(), logged);
        if (assignment.stays.every(({ id, state }) => answer.get(id) === state)) kept += 1;
        const again = assignStays(staysOfCitizen(logged), logged);
        expect(answer).toEqual(new Map(again.stays.map(({ id, state }) => [id, state])));
        log = logged;
      }
    }),
    { numRuns: 500 },
  );
  expect(kept).toBeGreaterThan(500);
});
