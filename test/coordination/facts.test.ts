import { describe, expect, it } from '@jest/globals';
import type { Encounter, Patient, Reference, Resource } from '@medplum/fhirtypes';
import { loadStayFacts } from '../../src/coordination/stay-facts.ts';
import { touchedStays } from '../../src/coordination/touched-stays.ts';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import type { Reader } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';
import { ADMITTED, citizen, DISCHARGED, dischargePlan, episode, exchange, stay } from './support/stay.ts';
import { planningStore, put } from './support/store.ts';

/** Resources of one citizen's course under ids of its own. */
function course(number: number): Resource[] {
  const patient = { reference: `Patient/p${number}` };
  const encounter = { reference: `Encounter/s${number}` };
  return [
    {
      ...citizen(`p${number}`),
      identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: `251248${1000 + number}` }],
    },
    episode('coordination', { id: `c${number}`, patient }),
    stay({ start: ADMITTED, end: DISCHARGED }, { id: `s${number}`, subject: patient }),
    exchange(EXCHANGE.dischargeReport, DISCHARGED, { id: `r${number}`, subject: patient, encounter }),
    dischargePlan(ADMITTED, ADMITTED, { id: `d${number}`, subject: patient, encounter }),
  ];
}

/** A reader that counts what it is asked. */
function counting(reader: Reader): { readonly reader: Reader; readonly asked: () => number } {
  let asked = 0;
  const count =
    <A extends unknown[], R>(method: (...values: A) => R) =>
    (...values: A): R => {
      asked += 1;
      return method(...values);
    };
  return {
    reader: {
      read: count(reader.read),
      readMany: count(reader.readMany),
      readVersion: count(reader.readVersion),
      history: count(reader.history),
      search: count(reader.search),
    },
    asked: () => asked,
  };
}

describe('the facts of stays', () => {
  onEveryStore(
    (fixture) => {
      it('cost as many round trips for sixty stays as for one, at most ten', async () => {
        const store = await planningStore(fixture);
        await put(store, ...Array.from({ length: 60 }, (_, number) => course(number)).flat());
        const one = counting(store);
        await loadStayFacts(one.reader, ['s0']);
        const many = counting(store);
        const ids = Array.from({ length: 60 }, (_, number) => `s${number}`);
        const facts = await loadStayFacts(many.reader, ids);
        expect(many.asked()).toBe(one.asked());
        expect(many.asked()).toBeLessThanOrEqual(10);
        expect(facts.map((each) => each.stay.id)).toEqual(ids);
        for (const [number, each] of facts.entries()) {
          expect(each.patient?.id).toBe(`p${number}`);
          expect(each.course?.id).toBe(`c${number}`);
          expect(each.exchanges.map(({ id }) => id)).toEqual([`r${number}`]);
          expect(each.plans.map(({ id }) => id)).toEqual([`d${number}`]);
          expect(each.agreements.atDischarge?.id).toBe('agreement-DK-82-2025');
        }
      });

      it('hold the organisations named, with all that these are part of, and the citizen’s municipality', async () => {
        const store = await planningStore(fixture);
        await put(store, ...course(1));
        const [facts] = await loadStayFacts(store, ['s1']);
        expect(facts?.organizations.map(({ id }) => id).sort()).toEqual([
          'department',
          'hospital',
          'municipality',
          'practice',
          'region',
        ]);
      });

      it('leave out what was entered in error or revoked, and order exchanges by the time sent', async () => {
        const store = await planningStore(fixture);
        await put(
          store,
          citizen(),
          stay({ start: ADMITTED, end: DISCHARGED }),
          exchange(EXCHANGE.dischargeLetter, '2026-03-13T10:00:00+01:00', { id: 'third' }),
          exchange(EXCHANGE.dischargeReport, '2026-03-12T14:00:00+01:00', { id: 'second' }),
          // Later by its text, earlier by its instant.
          exchange(EXCHANGE.admissionReport, '2026-03-12T14:30:00+02:00', { id: 'first' }),
          exchange(EXCHANGE.admissionReport, ADMITTED, { id: 'wrong', status: 'entered-in-error' }),
          dischargePlan(ADMITTED, ADMITTED, { id: 'revoked', status: 'revoked' }),
          dischargePlan(ADMITTED, ADMITTED, { id: 'wrong-plan', status: 'entered-in-error' }),
        );
        const [facts] = await loadStayFacts(store, ['stay']);
        expect(facts?.exchanges.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
        expect(facts?.plans).toEqual([]);
      });

      it('are those of the stays asked for, in that order, each once, the unknown left out', async () => {
        const store = await planningStore(fixture);
        await put(store, ...course(1), ...course(2));
        const facts = await loadStayFacts(store, ['s2', 'nowhere', 's1', 's2']);
        expect(facts.map((each) => each.stay.id)).toEqual(['s2', 's1']);
        expect(await loadStayFacts(store, [])).toEqual([]);
      });

      it('are the same whether the database is asked for all of a stay at once or step by step', async () => {
        const store = await planningStore(fixture);
        const styles = ['literal', 'logical', 'both', 'version', 'missing', 'none'] as const;
        const identifiers = [{ system: 'https://example.org/number' }, {}];
        const referenceTo = (
          style: (typeof styles)[number],
          type: string,
          id: string,
          value: number,
        ): Reference => {
          const identifier = { ...identifiers[value % 2], value: `number of ${id}` };
          switch (style) {
            case 'literal':
              return { reference: `${type}/${id}` };
            case 'logical':
              return { identifier };
            case 'both':
              return { reference: `${type}/${id}`, identifier };
            case 'version':
              return { reference: `${type}/${id}/_history/1` };
            case 'missing':
              return { reference: `${type}/nowhere` };
            case 'none':
              return { display: 'somebody' };
          }
        };
        const resources: Resource[] = [];
        const ids: string[] = [];
        for (const [of, subject] of styles.entries()) {
          for (const [by, encounter] of styles.entries()) {
            const [person, id] = [`person-${of}-${by}`, `stay-${of}-${by}`];
            const own = (type: 'Patient' | 'Encounter', name: string) => [
              referenceTo('logical', type, name, by).identifier ?? {},
            ];
            const patient = { subject: referenceTo(subject, 'Patient', person, by) as Reference<Patient> };
            const about = { subject: { reference: `Patient/${person}` } };
            const at = { encounter: referenceTo(encounter, 'Encounter', id, by) as Reference<Encounter> };
            ids.push(id);
            resources.push(
              { ...citizen(person), identifier: own('Patient', person) },
              stay(
                { start: ADMITTED, end: DISCHARGED },
                { id, identifier: own('Encounter', id), ...patient },
              ),
              episode('coordination', {
                id: `episode-${of}-${by}`,
                patient: referenceTo(encounter, 'Patient', person, by) as Reference<Patient>,
              }),
              exchange(EXCHANGE.admissionReport, ADMITTED, { id: `report-${of}-${by}`, ...about, ...at }),
              dischargePlan(ADMITTED, ADMITTED, { id: `plan-${of}-${by}`, ...about, ...at }),
            );
          }
        }
        await put(store, ...resources);
        const atOnce = await loadStayFacts(store, ids);
        expect(atOnce).toEqual(await loadStayFacts(counting(store).reader, ids));
        expect(atOnce.map((each) => each.stay.id)).toEqual(ids);
        expect(
          atOnce.filter(({ exchanges, patient, course }) => exchanges[0] && patient && course),
        ).toHaveLength(16);
      });

      it('prefer a literal reference to an identifier beside it, and trust no identifier that two citizens have', async () => {
        const store = await planningStore(fixture);
        const identifier = { system: 'https://example.org/stay', value: 'a,b|c\\d$' };
        const cpr = { system: 'urn:oid:1.2.208.176.1.2', value: '2512489996' };
        await put(
          store,
          stay({ start: ADMITTED }, { id: 'one', identifier: [identifier], subject: { identifier: cpr } }),
          stay({ start: ADMITTED }, { id: 'two' }),
          exchange(EXCHANGE.admissionReport, ADMITTED, {
            id: 'to-two',
            encounter: { reference: 'Encounter/two', identifier },
          }),
          exchange(EXCHANGE.admissionReport, ADMITTED, { id: 'to-one', encounter: { identifier } }),
        );
        const exchanges = async () =>
          (await loadStayFacts(store, ['one', 'two'])).map((each) => each.exchanges.map(({ id }) => id));
        expect(await exchanges()).toEqual([['to-one'], ['to-two']]);
        expect((await loadStayFacts(store, ['one']))[0]?.patient?.id).toBe('anna');
        await put(store, citizen('twin'));
        expect((await loadStayFacts(store, ['one']))[0]?.patient).toBeUndefined();
      });
    },
    { lifetime: 'block' },
  );
});

describe('touched stays', () => {
  onEveryStore(
    (fixture) => {
      it('are those before and those after, of citizens, courses and hospitals too', async () => {
        const store = await planningStore(fixture);
        await put(store, ...course(1), ...course(2));
        const touchedBy = async (...resources: Resource[]): Promise<string[]> =>
          touchedStays(store, await put(store, ...resources));
        const moved = {
          ...exchange(EXCHANGE.dischargeReport, DISCHARGED, { id: 'r1' }),
          encounter: { reference: 'Encounter/s2' },
        };
        expect(await touchedBy(moved)).toEqual(['s1', 's2']);
        expect(
          await touchedBy({
            ...citizen('p1', '0740'),
            identifier: [{ system: 'https://example.org/none', value: 'p1' }],
          }),
        ).toEqual(['s1']);
        expect(
          await touchedBy(episode('coordination', { id: 'c2', patient: { reference: 'Patient/p1' } })),
        ).toEqual(['s1', 's2']);
        expect(await touchedBy({ resourceType: 'Organization', id: 'hospital', name: 'Nyt navn' })).toEqual([
          's1',
          's2',
        ]);
        expect(
          await touchedBy({
            resourceType: 'Flag',
            id: 'f',
            status: 'active',
            code: { text: 'x' },
            subject: { reference: 'Patient/p1' },
          }),
        ).toEqual([]);
        const again = {
          ...exchange(EXCHANGE.dischargeReport, DISCHARGED, { id: 'r1' }),
          encounter: { reference: 'Encounter/s2' },
        };
        expect(await touchedBy(again)).toEqual([]);
      });
    },
    { lifetime: 'block' },
  );
});
