import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Resource, SearchParameter } from '@medplum/fhirtypes';
import {
  createParameterRegistry,
  parameterId,
  STANDARD_PARAMETERS,
} from '../../src/fhir/search/parameters.ts';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';

const coding = (code: string) => ({ coding: [{ system: 'urn:codes', code }] });
const grams = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: 'g' });

const observation = (id: string, given: object) =>
  ({ resourceType: 'Observation', id, status: 'final', code: coding('whole'), ...given }) as Resource;

const RESOURCES: readonly Resource[] = [
  { resourceType: 'Patient', id: '1', name: [{ family: 'Testesen' }] },
  { resourceType: 'Group', id: '1', type: 'person', actual: true } as Resource,
  observation('citizen', { subject: { reference: 'Patient/1' }, valueQuantity: grams(1) }),
  observation('group', {
    subject: { reference: 'Group/1' },
    component: [{ code: coding('part'), valueQuantity: grams(2) }],
  }),
  observation('nobody', {}),
  observation('elsewhere', { subject: { reference: 'https://example.org/fhir/Patient/1' } }),
  observation('named', {
    subject: { type: 'Patient', identifier: { system: 'urn:id', value: 'a' } },
  }),
  observation('unnamed', { subject: { identifier: { system: 'urn:id', value: 'a' } } }),
];

async function filled(store: Store): Promise<Store> {
  await store.transaction((t) => t.write(RESOURCES.map((resource) => ({ op: 'create', resource }))));
  return store;
}

async function found(store: Store, type: string, ...pairs: readonly (readonly [string, string])[]) {
  const { matches, included } = await store.search(parseSearch(type, pairs));
  return [...matches.map(({ id }) => id), ...included.map((each) => `${each.type}/${each.id}`)].sort();
}

describe('parameters that share rows', () => {
  it('are those that find what others find', () => {
    const { under, only } = STANDARD_PARAMETERS.of('Observation').get('patient') ?? {};
    expect([under, only]).toEqual([['subject'], 'Patient']);
    expect(STANDARD_PARAMETERS.of('Observation').get('combo-code')?.under.toSorted()).toEqual([
      'code',
      'component-code',
    ]);
    expect(STANDARD_PARAMETERS.of('Patient').get('phonetic')?.under).toEqual(['name']);
    expect(STANDARD_PARAMETERS.of('Patient').get('name')?.under).toEqual(['name']);
  });

  it('part where a definition of others takes the place of one of them', () => {
    const own = STANDARD_PARAMETERS.of('Observation').get('code')?.definition as SearchParameter;
    const same = createParameterRegistry([{ ...own }])
      .of('Observation')
      .get('combo-code');
    expect([same?.under.length, same?.apart]).toEqual([2, false]);
    const other = { ...own, expression: 'Observation.code | Observation.method' };
    const apart = createParameterRegistry([other]).of('Observation').get('combo-code');
    expect([apart?.under, apart?.apart]).toEqual([['combo-code'], true]);
    const waiting = createParameterRegistry([other], () => false).of('Observation');
    expect([waiting.has('code'), waiting.has('combo-code'), waiting.has('status')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  onStore('PostgreSQL', (fixture) => {
    it('find what they found with rows of their own', async () => {
      const store = await filled(await fixture.open({ validate: () => [] }));
      const ask = (...pairs: readonly (readonly [string, string])[]) => found(store, 'Observation', ...pairs);
      expect(await ask(['patient', 'Patient/1'])).toEqual(['citizen']);
      expect(await ask(['patient', '1'])).toEqual(['citizen']);
      expect(await ask(['patient', 'Group/1'])).toEqual([]);
      expect(await ask(['subject', 'Group/1'])).toEqual(['group']);
      expect(await ask(['patient', 'https://example.org/fhir/Patient/1'])).toEqual(['elsewhere']);
      expect(await ask(['patient:identifier', 'urn:id|a'])).toEqual(['named']);
      expect(await ask(['subject:identifier', 'urn:id|a'])).toEqual(['named', 'unnamed']);
      expect(await ask(['patient:missing', 'true'])).toEqual(['group', 'nobody', 'unnamed']);
      expect(await ask(['patient:missing', 'false'])).toEqual(['citizen', 'elsewhere', 'named']);
      expect(await ask(['patient.family', 'testesen'])).toEqual(['citizen']);
      expect(await ask(['_include', 'Observation:patient'], ['status', 'final'])).toContain('Patient/1');
      expect(await ask(['_include', 'Observation:patient'], ['status', 'final'])).not.toContain('Group/1');
      expect(await ask(['_include', 'Observation:patient:Group'], ['status', 'final'])).not.toContain(
        'Group/1',
      );
      expect(await ask(['_include', 'Observation:subject'], ['status', 'final'])).toContain('Group/1');
      expect(await ask(['combo-code', 'part'])).toEqual(['group']);
      expect(await ask(['code', 'part'])).toEqual([]);
      expect((await ask(['combo-code', 'whole'])).length).toBe(6);
      expect(await ask(['combo-value-quantity', '2||g'])).toEqual(['group']);
      expect(await ask(['value-quantity', '2||g'])).toEqual([]);
      expect(await ask(['combo-code-value-quantity', 'part$2'])).toEqual(['group']);
      expect(await ask(['combo-code-value-quantity', 'whole$1'])).toEqual(['citizen']);
      expect(await found(store, 'Patient', ['phonetic', 'testesen'])).toEqual(['1']);
      const has = ['_has:Observation:patient:status', 'final'] as const;
      expect(await found(store, 'Patient', has)).toEqual(['1']);
      const group = await found(store, 'Group', ['_revinclude', 'Observation:patient']);
      expect(group).toEqual(['1']);
    });

    it('lose the rows they had, and gain marks, by the migration', async () => {
      const store = await filled(await fixture.open({ validate: () => [] }));
      const sql = sqlOf(store);
      const all = () =>
        sql.query<{ row: string }>(
          `SELECT 'reference ' || to_jsonb(x)::text AS row FROM reference_index x
           UNION ALL SELECT 'token ' || to_jsonb(x)::text FROM token_index x
           UNION ALL SELECT 'resource ' || tables || key FROM resource x ORDER BY 1`,
        );
      const now = await all();
      const id = parameterId;
      // As before it: rows of `patient` wherever the value leads to a citizen, no marks.
      const mark = id('Observation', 'patient', 'elsewhere');
      await sql.query(`INSERT INTO reference_index (parameter, target, seq, key)
        SELECT ${id('Observation', 'patient')}, target, seq, key FROM reference_index x
        WHERE parameter = ${id('Observation', 'subject')}
          AND NOT EXISTS (SELECT FROM reference_index m WHERE m.seq = x.seq AND m.parameter = ${mark})`);
      await sql.query(`INSERT INTO token_index (parameter, value, seq, system, prime, key)
        SELECT ${id('Observation', 'patient', 'identifier')}, value, seq, system, prime, key FROM token_index x
        WHERE parameter = ${id('Observation', 'subject', 'identifier')}
          AND NOT EXISTS (SELECT FROM reference_index m WHERE m.seq = x.seq AND m.parameter = ${mark})`);
      await sql.query(`UPDATE resource r SET tables = tables & ~4 WHERE EXISTS
        (SELECT FROM reference_index m WHERE m.seq = r.seq AND m.parameter = ${mark}) AND NOT EXISTS
        (SELECT FROM reference_index m WHERE m.seq = r.seq AND m.parameter <> ${mark})`);
      await sql.query(`DELETE FROM reference_index WHERE parameter = ${mark}`);
      await sql.query(`INSERT INTO token_index (parameter, value, seq, system, prime, key)
        SELECT ${id('Observation', 'combo-code')}, value, seq, system, prime, key FROM token_index
        WHERE parameter = ${id('Observation', 'code')}`);
      expect(await all()).not.toEqual(now);
      const file = new URL('../../src/store/migrations/0272-shared-rows.sql', import.meta.url);
      const text = await readFile(file, 'utf8');
      await store.transaction(async (t) => {
        for (const statement of text.split(/;\n/)) {
          if (statement.trim() !== '') await sqlOf(t).query(statement);
        }
      });
      expect(await all()).toEqual(now);
    });
  });
});
