import { describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { sqlOf } from '../../src/store/sql.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';

const TABLES = ['token', 'string', 'reference', 'date', 'quantity', 'uri', 'composite', 'text'].map(
  (name) => `${name}_index`,
);

/** All index rows without the number of the resource, which is another in another store. */
async function rowsOf(store: Store): Promise<readonly string[]> {
  const found = await Promise.all(
    TABLES.map((table) =>
      sqlOf(store).query<{ row: string }>(
        `SELECT '${table} ' || (to_jsonb(x) - 'seq')::text AS row FROM ${table} x JOIN resource r ON r.key = x.key AND r.seq = x.seq`,
      ),
    ),
  );
  return found.flatMap((rows) => rows.map(({ row }) => row)).sort();
}

const coding = fc.record({
  system: fc.constantFrom('urn:a', 'urn:b', undefined),
  code: fc.constantFrom('x', 'y', 'z'),
  display: fc.constantFrom('One', 'Two', undefined),
});

/** Versions that share most of what they are found by. */
const content = fc.record(
  {
    status: fc.constantFrom('final', 'amended'),
    code: fc.record({ coding: fc.array(coding, { minLength: 1, maxLength: 3 }) }),
    subject: fc.constantFrom({ reference: 'Patient/1' }, { reference: 'Group/1' }, { display: 'somebody' }),
    performer: fc.array(fc.constantFrom({ reference: 'Practitioner/1' }, { reference: 'Practitioner/2' })),
    effectivePeriod: fc.constantFrom({ start: '2026-01-01' }, { start: '2026-01-01', end: '2026-02-01' }),
    valueQuantity: fc.constantFrom(
      { value: 1, unit: 'g', system: 'http://unitsofmeasure.org', code: 'g' },
      { value: 1, unit: 'piece' },
      { value: 2 },
    ),
    component: fc.array(fc.record({ code: fc.record({ coding: fc.array(coding, { maxLength: 2 }) }) })),
    text: fc.constantFrom(
      { status: 'generated', div: '<div>one two</div>' },
      { status: 'generated', div: '<div>three</div>' },
    ),
  },
  { requiredKeys: ['status', 'code'] },
);

const observation = (id: string, given: object) =>
  ({ resourceType: 'Observation', id, ...JSON.parse(JSON.stringify(given)) }) as Resource & { id: string };

const IDS = ['a', 'b', 'c', 'd'];

/** What one write does to some resources, each once. */
const write = fc
  .array(fc.tuple(fc.constantFrom(...IDS), fc.option(content)), { minLength: 1, maxLength: 4 })
  .map((changes) => [...new Map(changes).entries()]);

describe('index rows', () => {
  onStore('PostgreSQL', (fixture) => {
    it('are after any updates and deletions those of the last versions, each once', async () => {
      const grown = await fixture.open({ validate: () => [] });
      const fresh = await fixture.open({ validate: () => [] });
      let run = 0;
      const property = fc.asyncProperty(fc.array(write, { minLength: 2, maxLength: 5 }), async (writes) => {
        const name = (id: string) => `${id}${run}`;
        const last = new Map<string, object | null>();
        for (const changes of writes) {
          const asked = changes.map(
            ([id, given]): Change =>
              given === null
                ? { op: 'delete', type: 'Observation', id: name(id) }
                : { op: 'update', resource: observation(name(id), given) },
          );
          if (asked.length === 1) await grown.write(asked[0] as Change);
          else await grown.transaction((t) => t.write(asked));
          for (const [id, given] of changes) last.set(id, given);
        }
        const now = [...last].flatMap(([id, given]) =>
          given === null ? [] : [{ op: 'create', resource: observation(name(id), given) } as const],
        );
        await fresh.transaction((t) => t.write(now));
        run += 1;
        expect(await rowsOf(grown)).toEqual(await rowsOf(fresh));
      });
      await fc.assert(property, { numRuns: 15 });
    }, 60_000);

    it('that stay are not written again', async () => {
      const store = await fixture.open({ validate: () => [] });
      const places = async () =>
        (
          await Promise.all(
            ['token', 'reference', 'date'].map((table) =>
              sqlOf(store).query<{ place: string }>(
                `SELECT '${table} ' || ctid || ' ' || parameter AS place FROM ${table}_index`,
              ),
            ),
          )
        ).flatMap((rows) => rows.map(({ place }) => place));
      const stay = (status: string, end?: string) => ({
        resourceType: 'Encounter' as const,
        id: 'e',
        status,
        class: { code: 'IMP' },
        identifier: [{ system: 'urn:stay', value: '1' }],
        subject: { reference: 'Patient/1' },
        period: { start: '2026-01-01', ...(end === undefined ? {} : { end }) },
      });
      await store.write({ op: 'create', resource: stay('in-progress') as Resource });
      const before = await places();
      await store.write({
        op: 'update',
        resource: stay('finished', '2026-01-05') as Resource & { id: string },
      });
      const after = await places();
      // Status, and the two dates by the period.
      expect(before.filter((place) => !after.includes(place)).length).toBeLessThanOrEqual(3);
      expect(after.length).toBe(before.length);
    });
  });
});
