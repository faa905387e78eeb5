import { describe, expect, it } from '@jest/globals';
import type { Bundle, Encounter, Organization, Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { processMessage } from '../../src/medcom/process-message.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { EPISODE, following, tell, WARD } from './hospital.ts';
import { all } from './support.ts';

type Told = Bundle & { headerId: string };

/** What happened to one citizen, as a hospital would tell it, in order. */
interface Course {
  readonly emergency: boolean;
  readonly corrected: boolean;
  readonly leaves: number;
  readonly leaveCancelled: boolean;
  readonly transfer: 'none' | 'same-identifier' | 'other-identifier';
  readonly end:
    | 'none'
    | 'discharge'
    | 'corrected-discharge'
    | 'cancelled-discharge'
    | 'death'
    | 'revoked-death'
    | 'cancelled';
  readonly readmitted: boolean;
}

const course: fc.Arbitrary<Course> = fc.record({
  emergency: fc.boolean(),
  corrected: fc.boolean(),
  leaves: fc.nat(2),
  leaveCancelled: fc.boolean(),
  transfer: fc.constantFrom('none', 'same-identifier', 'other-identifier'),
  end: fc.constantFrom(
    'none',
    'discharge',
    'corrected-discharge',
    'cancelled-discharge',
    'death',
    'revoked-death',
    'cancelled',
  ),
  readmitted: fc.boolean(),
});

/** More of them: `OVERGANG_PERMUTATIONS=500`. */
const MORE = process.env.OVERGANG_PERMUTATIONS;
const RUNS =
  MORE === undefined ? { PGlite: 5, PostgreSQL: 20 } : { PGlite: Number(MORE), PostgreSQL: Number(MORE) };

let citizens = 0;

/** A fresh test citizen for every run, so that one store serves them all. */
function newCitizen(): string {
  citizens += 1;
  return `0101${String(10 + (citizens % 80))}9${String(citizens % 1000).padStart(3, '0')}`;
}

function messagesOf(facts: Course, cpr: string): readonly Told[] {
  const citizen = { cpr, family: 'Test' };
  const first = [{ ...EPISODE, value: `${cpr.slice(4)}-a` }];
  const messages: Told[] = [];
  const add = (activity: string, told: Parameters<typeof tell>[1]) => {
    const message = tell(activity, { citizen, episodes: first, ...told });
    messages.push(message);
    return message;
  };
  if (facts.emergency) add('admit-emergency', { start: '02T08', reportRequested: true });
  const admitted = add('admit-inpatient', {
    start: '02T10',
    ...(facts.emergency ? {} : { reportRequested: true }),
  });
  if (facts.corrected) {
    add('revise-admit-inpatient', {
      start: '02T11',
      sent: '02T12',
      provider: WARD,
      ...following(admitted, 'admit-inpatient', '02T10'),
    });
  }
  if (facts.end === 'cancelled' && !facts.emergency) {
    add('cancel-admit-inpatient', { start: facts.corrected ? '02T11' : '02T10', sent: '02T13' });
  }
  for (let leave = 0; leave < facts.leaves && facts.end !== 'cancelled'; leave += 1) {
    const from = `0${3 + leave}T10`;
    const to = `0${3 + leave}T20`;
    const left = add('start-leave-inpatient', { leave: [from] });
    if (facts.leaveCancelled)
      add('cancel-start-leave-inpatient', { sent: to, ...following(left, 'start-leave-inpatient', from) });
    else add('end-leave-inpatient', { leave: [from, to] });
  }
  const moved = facts.transfer !== 'none' && facts.end !== 'cancelled';
  const there =
    facts.transfer === 'other-identifier' && moved
      ? { episodes: [{ ...EPISODE, value: `${cpr.slice(4)}-b` }], provider: WARD }
      : {};
  if (moved) add('admit-inpatient', { start: '06T10', provider: WARD, ...there });
  const start = moved && facts.transfer === 'other-identifier' ? '06T10' : '02T10';
  if (/discharge/.test(facts.end)) {
    const discharged = add('discharge-inpatient-home', { start, end: '08T10', ...there });
    const told = following(discharged, 'discharge-inpatient-home', '08T10');
    if (facts.end === 'corrected-discharge') {
      add('revise-discharge-inpatient-home', { start, end: '08T09', sent: '08T12', ...there, ...told });
    }
    if (facts.end === 'cancelled-discharge') {
      add('cancel-discharge-inpatient-home', { start, sent: '08T11', ...there, ...told });
    }
  }
  if (/death/.test(facts.end)) {
    add('admit-inpatient', { start, end: '08T10', deceased: true, ...there });
    if (facts.end === 'revoked-death')
      add('admit-inpatient', { start, sent: '08T11', deceased: false, ...there });
  }
  if (facts.readmitted && /^(corrected-)?discharge$/.test(facts.end)) {
    const again = [{ ...EPISODE, value: `${cpr.slice(4)}-c` }];
    add('admit-inpatient', { start: '15T10', episodes: again, reportRequested: true });
    add('discharge-inpatient-home', { start: '15T10', end: '16T10', episodes: again });
  }
  return messages;
}

/** What a reader of the store sees of a citizen, without ids and times of storing. */
async function picture(store: Store, cpr: string) {
  const patients = await all<Patient>(store, 'Patient', [['identifier', cpr]]);
  expect(patients).toHaveLength(1);
  const names = new Map(
    (await all<Organization>(store, 'Organization')).map((each) => [`Organization/${each.id}`, each.name]),
  );
  const stays = await all<Encounter>(store, 'Encounter', [['subject', `Patient/${patients[0]!.id}`]]);
  const living = stays.filter((stay) => stay.status !== 'entered-in-error');
  return {
    deceased: patients[0]!.deceasedBoolean,
    cancelled: living.length === 0,
    stays: living
      .map(({ id: _id, meta: _meta, subject: _subject, serviceProvider, extension, ...stay }) => ({
        ...stay,
        provider: names.get(serviceProvider?.reference ?? ''),
        extension: (extension ?? [])
          .map(({ valueReference, ...rest }) => ({
            ...rest,
            who: names.get(valueReference?.reference ?? ''),
          }))
          .sort((a, b) => (a.url < b.url ? -1 : 1)),
      }))
      .sort((a, b) => ((a.period?.start ?? '') < (b.period?.start ?? '') ? -1 : 1)),
  };
}

onStore('PostgreSQL', (fixture) => {
  describe('order of arrival', () => {
    it('any permutation of a course, with repetitions, ends in the same state', async () => {
      const store = await fixture.open();
      await fc.assert(
        fc.asyncProperty(course, fc.infiniteStream(fc.nat()), async (facts, numbers) => {
          const inOrder = newCitizen();
          for (const message of messagesOf(facts, inOrder)) await processMessage(store, message);
          const shuffled = newCitizen();
          const messages = [...messagesOf(facts, shuffled)];
          const repeated = messages.length > 1 ? [messages[0]!] : [];
          for (const message of shuffle([...messages, ...repeated], numbers)) {
            expect((await processMessage(store, message))?.entry?.[0]?.resource).toMatchObject({
              response: { code: 'ok' },
            });
          }
          const expected = JSON.stringify(await picture(store, inOrder)).replaceAll(inOrder.slice(4), 'own');
          const actual = JSON.stringify(await picture(store, shuffled)).replaceAll(shuffled.slice(4), 'own');
          expect(JSON.parse(actual)).toEqual(JSON.parse(expected));
        }),
        {
          numRuns: RUNS[fixture.kind],
          ...(MORE === undefined ? { interruptAfterTimeLimit: 60_000 } : {}),
          endOnFailure: true,
        },
      );
    }, 3_600_000);
  });
});

function shuffle<T>(items: readonly T[], numbers: Iterator<number>): readonly T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice((numbers.next().value as number) % rest.length, 1));
  return result;
}
