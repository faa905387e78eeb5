import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqlOf } from '../../src/store/sql.ts';
import { textArray } from '../../src/store/write/arrays.ts';
import { onEveryStore } from '../support/stores.ts';

onEveryStore((fixture) => {
  it('texts reach the database as they are, whatever is in them', async () => {
    const sql = sqlOf(await fixture.open());
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(null, '', 'NULL', '{a,"b\\', 'x\0y'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (texts) => {
        const [row] = await sql.query<{ texts: unknown; count: number }>(
          'SELECT $1::text[] AS texts, cardinality($1::text[]) AS count',
          [textArray(texts)],
        );
        expect(row).toEqual({
          texts: texts.map((each) => each?.replaceAll('\0', '') ?? null),
          count: texts.length,
        });
      }),
      { numRuns: 50 },
    );
  });
});
