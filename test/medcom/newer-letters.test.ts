import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Communication, Encounter } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../src/fhir/canonical.ts';
import { compiledOf } from '../../src/measures/compile/compiled-cache.ts';
import { measureById } from '../../src/measures/find-measure.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { stayPages } from '../../src/measures/stays/stay-pages.ts';
import { keptFacts } from '../../src/medcom/letter/facts-extension.ts';
import { type LetterFacts, type LetterType, SECTION_CODES } from '../../src/medcom/letter/letter-facts.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import type { Store } from '../../src/store/store.ts';
import { calendar, course, patient, services } from '../measures/support/facts.ts';
import { profiles, put } from '../measures/support/stored.ts';
import { onStore } from '../support/stores.ts';
import { EPISODE, tell } from './hospital.ts';
import { letter, PRACTICE_PARTY } from './letters-of-elmer.ts';
import { when } from './stay-scenario.ts';
import { all } from './support.ts';

const SHORT = [{ code: 'cause', text: 'KOL' }] as const;
const WHOLE = SECTION_CODES.map((code) => ({ code, text: `Om ${code}` }));
/** The package in which nursing areas are written knows no `rettetbrev`. */
const SECTIONS = { nytbrev: WHOLE, rettetbrev: WHOLE.filter(({ code }) => code !== 'nursing-areas') };
type Status = keyof typeof SECTIONS;

interface Kind {
  readonly type: LetterType;
  readonly measure: string;
  /** When the first and the newer one are sent. */
  readonly sent: readonly [string, string];
  readonly facts: Partial<LetterFacts>;
  /** What the newer one tells otherwise beside its sections, and the anchor of the stay that follows it. */
  readonly newer?: Partial<LetterFacts>;
  readonly anchor?: string;
  /** It is written in that package alone. */
  readonly packaged?: boolean;
}

const ADMISSION = { admission: when('02T10') };
const KINDS: readonly Kind[] = [
  { type: 'XDIS16', measure: 'admission-report', sent: ['02T12', '02T15'], facts: {} },
  {
    type: 'XDIS21',
    measure: 'care-pathway-plan',
    sent: ['04T10', '05T10'],
    facts: { agreedDischarge: when('06T10') },
    newer: { agreedDischarge: when('07T10') },
    packaged: true,
    anchor: EXTENSION.agreedDischarge,
  },
  {
    type: 'XDIS19',
    measure: 'ready-for-discharge',
    sent: ['05T10', '06T10'],
    facts: { ...ADMISSION, endOfTreatment: when('05T09'), plannedDischarge: when('07T10') },
    newer: { endOfTreatment: when('06T09') },
    anchor: EXTENSION.endOfTreatment,
  },
  {
    type: 'XDIS18',
    measure: 'discharge-report',
    sent: ['07T12', '07T15'],
    facts: { ...ADMISSION, discharge: when('07T11') },
  },
  {
    type: 'XDIS01',
    measure: 'discharge-letter',
    sent: ['08T10', '09T10'],
    facts: { ...ADMISSION, discharge: when('07T11') },
  },
];

const PRACTICE = {
  resourceType: 'Organization' as const,
  id: 'practice',
  name: 'Lægehuset',
  identifier: [{ system: 'http://www.gs1.org/gln', value: PRACTICE_PARTY.gln }],
  type: [{ coding: [{ system: CODE_SYSTEM.organisationType, code: 'general-practice' }] }],
};

let citizens = 0;

/** A citizen's stay from the 2nd to the 7th of March, and its letters of a kind. */
function caseOf({ type, sent, facts, newer }: Kind, status: Status) {
  citizens += 1;
  const cpr = `010150${4000 + citizens}`;
  const value = `bd481c38-a921-11ed-afa1-0242ac12${String(citizens).padStart(4, '0')}`;
  const of = { citizen: { cpr, family: 'Elmer', given: ['Bruno'] }, episodes: [{ ...EPISODE, value }] };
  const letterOf = (told: Partial<LetterFacts>) => {
    const about = { citizen: { cpr, family: 'Elmer', given: 'Bruno' }, episode: value.replaceAll('-', '') };
    return letter(type, { ...about, ...facts, ...told });
  };
  const id = `citizen-${citizens}`;
  return {
    episode: value.replaceAll('-', ''),
    known: [
      {
        ...patient,
        id,
        identifier: [{ system: IDENTIFIER_SYSTEM.cpr, value: cpr }],
        generalPractitioner: [{ reference: `Organization/${PRACTICE.id}` }],
      },
      ...[course, services].map((each) => ({
        ...each,
        id: `${each.id}-${citizens}`,
        patient: { reference: `Patient/${id}` },
      })),
    ],
    stay: [
      tell('admit-inpatient', { ...of, reportRequested: true }),
      tell('discharge-inpatient-home', { ...of, end: '07T11' }),
    ],
    first: letterOf({ sent: when(sent[0]), sections: SHORT }),
    newer: letterOf({ sent: when(sent[1]), sections: SECTIONS[status], status, ...newer }),
  };
}

async function begin(store: Store, ...cases: readonly ReturnType<typeof caseOf>[]): Promise<void> {
  for (const { known, stay } of cases) {
    await put(store, ...known);
    for (const message of stay) await processMessage(store, message);
  }
}

async function post(store: Store, ...letters: readonly string[]): Promise<void> {
  for (const each of letters) expect((await receiveLetter(store, each)).status).toBe(200);
}

/** All that a stay's letters came to, with nothing in it that the server chose. */
async function outcome(store: Store, episode: string, { measure, anchor }: Kind) {
  const [stay] = await all<Encounter>(store, 'Encounter', [
    ['identifier', `${IDENTIFIER_SYSTEM.stayEpisode}|${episode}`],
  ]);
  const letters = await all<Communication>(store, 'Communication', [['encounter', `Encounter/${stay?.id}`]]);
  const sentOf = new Map(letters.map((one) => [`Communication/${one.id}`, one.sent]));
  const compiled = compiledOf(await measureById(store, measure), calendar);
  if (compiled.kind !== 'stay') throw new Error(measure);
  const verdicts = [];
  for await (const page of stayPages(store, calendar)) {
    for (const facts of page.filter((one) => one.stay.id === stay?.id)) {
      verdicts.push(...evaluateStay([compiled.measure], facts, { calendar }));
    }
  }
  const [verdict] = verdicts;
  return {
    letters: letters
      .map((one) => ({
        sent: one.sent,
        status: keptFacts(one.extension).get('status'),
        corrects: sentOf.get(
          one.extension?.find(({ url }) => url === EXTENSION.corrects)?.valueReference?.reference ?? '',
        ),
      }))
      .sort((a, b) => (a.sent! < b.sent! ? -1 : 1)),
    anchor: stay?.extension?.find(({ url }) => url === anchor)?.valueDateTime,
    actual: verdict?.actual,
    strata: verdict?.groups[0]?.strata,
  };
}

const instant = (time: string | undefined) => new Date(time ?? '').toISOString();

onStore(
  'PostgreSQL',
  (fixture) => {
    let store: Store;
    beforeAll(async () => {
      store = await fixture.open();
      await put(store, ...profiles, PRACTICE);
    });

    describe.each(KINDS.map((kind) => [kind.type, kind] as const))('an %s', (_, kind) => {
      const alone = async (which: 'first' | 'newer', status: Status) => {
        const one = caseOf(kind, status);
        await begin(store, one);
        await post(store, one[which]);
        return outcome(store, one.episode, kind);
      };

      const corrections = (
        [
          ['a rettetbrev', 'rettetbrev'],
          ['a newer letter of the same kind', 'nytbrev'],
        ] as const
      ).filter(([, status]) => kind.packaged !== true || status === 'nytbrev');

      it.each(corrections)(
        'is corrected by %s: its time counts, and what the newer one says',
        async (_, status) => {
          const one = caseOf(kind, status);
          await begin(store, one);
          await post(store, one.first, one.newer);
          const told = await outcome(store, one.episode, kind);
          expect(told.letters).toEqual([
            expect.objectContaining({ status: 'nytbrev', corrects: undefined }),
            expect.objectContaining({
              status,
              corrects: status === 'rettetbrev' ? told.letters[0]?.sent : undefined,
            }),
          ]);
          expect(told.letters.map(({ sent }) => instant(sent))).toEqual(
            kind.sent.map((at) => instant(when(at))),
          );
          expect(instant(told.actual)).toBe(instant(when(kind.sent[0])));
          const [first, newer] = [await alone('first', status), await alone('newer', status)];
          expect(told.strata).toEqual(newer.strata);
          expect(told.anchor).toEqual(newer.anchor);
          // The newer one says something else where the parameter looks at what is said.
          if (kind.anchor !== undefined) expect(newer.anchor).not.toEqual(first.anchor);
          else if (status === 'nytbrev' && kind.type !== 'XDIS01')
            expect(newer.strata).not.toEqual(first.strata);
        },
      );

      it.each(corrections)('that arrives after %s comes to the same', async (_, status) => {
        const inOrder = caseOf(kind, status);
        const turned = caseOf(kind, status);
        await begin(store, inOrder, turned);
        await post(store, inOrder.first, inOrder.newer);
        await post(store, turned.newer, turned.first);
        const expected = await outcome(store, inOrder.episode, kind);
        expect(expected.letters).toHaveLength(2);
        expect(await outcome(store, turned.episode, kind)).toEqual(expected);
      });

      it('with the same identifier from the same sender again changes nothing', async () => {
        const one = caseOf(kind, 'nytbrev');
        await begin(store, one);
        await post(store, one.first, one.newer);
        const before = await stored(store);
        await post(store, one.first, one.newer, one.first);
        expect(await stored(store)).toEqual(before);
      });
    });
  },
  { lifetime: 'block' },
);

/** Every letter, plan, stay and original with its version. */
async function stored(store: Store): Promise<readonly string[]> {
  const types = ['Communication', 'CarePlan', 'Encounter', 'DocumentReference', 'Provenance'] as const;
  const lists = await Promise.all(types.map((type) => all(store, type)));
  return lists.flat().map((each) => `${each.resourceType}/${each.id} ${each.meta?.versionId}`);
}
