import { keyOf } from '../keys.ts';
import { sqlOf } from '../sql.ts';
import type { StoreTransaction } from '../store.ts';
import { type CellSource, changeCells } from './cells.ts';
import { COLUMNS } from './layout.ts';

/** A packed row, by column; what is left out is null (0 for bits). */
export interface PackedRow {
  /** Id of the Encounter. */
  readonly id: string;
  readonly pack: number;
  readonly columns: Readonly<Record<string, string | number>>;
}

export interface ReasonRow {
  readonly id: string;
  readonly subject?: string;
  readonly coordinator?: string;
  readonly failed: boolean;
  /** JSON of the verdicts. */
  readonly verdicts: string;
}

const names = COLUMNS.join(', ');
const values = COLUMNS.map((name) => (name.startsWith('bits') ? `coalesce(${name}, 0)` : name)).join(', ');
const INSERT = `
  INSERT INTO verdict (stay, pack, ${names})
  SELECT stay, pack, ${values} FROM jsonb_populate_recordset(NULL::verdict, $1::jsonb)`;
const DELETE = `
  DELETE FROM verdict WHERE stay = ANY($1::uuid[])
  RETURNING stay AS id, pack, json_strip_nulls(row_to_json(verdict)) AS columns`;

/**
 * Replaces all verdicts of the stays, and keeps the counts of them (cells.ts): those without a row have none
 * afterwards. Only one transaction at a time may do
 * this (see src/measures/kept/refresh.ts), so there is nothing to conflict with.
 */
export async function replaceVerdicts(
  transaction: StoreTransaction,
  stayIds: readonly string[],
  rows: readonly PackedRow[],
  reasons: readonly ReasonRow[],
): Promise<void> {
  const sql = sqlOf(transaction);
  const keys = stayIds.map((id) => keyOf(`Encounter/${id}`));
  const before = await sql.query<CellSource>(DELETE, [keys], 'verdict_delete');
  await sql.query('DELETE FROM verdict_reason WHERE stay = ANY($1::uuid[])', [keys], 'verdict_reason_delete');
  if (rows.length > 0) {
    const packed = rows.map(({ id, pack, columns }) => ({
      stay: keyOf(`Encounter/${id}`),
      pack,
      ...columns,
    }));
    await sql.query(INSERT, [JSON.stringify(packed)], 'verdict_insert');
  }
  await changeCells(transaction, before, rows);
  if (reasons.length > 0) {
    await sql.query(
      `INSERT INTO verdict_reason (stay, id, subject, coordinator, failed, verdicts)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[])`,
      [
        reasons.map(({ id }) => keyOf(`Encounter/${id}`)),
        reasons.map(({ id }) => id),
        reasons.map(({ subject }) => subject ?? null),
        reasons.map(({ coordinator }) => coordinator ?? null),
        reasons.map(({ failed }) => failed),
        reasons.map(({ verdicts }) => verdicts),
      ],
      'verdict_reason_insert',
    );
  }
}
