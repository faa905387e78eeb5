import { keyOf } from '../keys.ts';
import { type Sql, sqlOf } from '../sql.ts';
import type { StoreTransaction } from '../store.ts';
import { arrayText } from './array-text.ts';
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

const DELETE = `
  DELETE FROM verdict WHERE stay = ANY($1::uuid[])
  RETURNING stay AS id, pack, json_strip_nulls(row_to_json(verdict)) AS columns`;

/** Occurs in no JSON text: there it is written with an escape. */
const BETWEEN = '\u0001';
// One text instead of an array of them: an array's quotes and backslashes, of which JSON is full, are escaped and read again.
const REASONS = `
  INSERT INTO verdict_reason (stay, id, subject, coordinator, failed, verdicts)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::boolean[], string_to_array($6, E'\\x01'))`;

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
  const keys = arrayText(stayIds.map((id) => keyOf(`Encounter/${id}`)));
  const before = await sql.query<CellSource>(DELETE, [keys], 'verdict_delete');
  await sql.query('DELETE FROM verdict_reason WHERE stay = ANY($1::uuid[])', [keys], 'verdict_reason_delete');
  await insertRows(sql, rows);
  await changeCells(transaction, before, rows);
  if (reasons.length > 0) {
    await sql.query(
      REASONS,
      [
        arrayText(reasons.map(({ id }) => keyOf(`Encounter/${id}`))),
        reasons.map(({ id }) => id),
        reasons.map(({ subject }) => subject ?? null),
        reasons.map(({ coordinator }) => coordinator ?? null),
        arrayText(reasons.map(({ failed }) => failed)),
        reasons.map(({ verdicts }) => verdicts).join(BETWEEN),
      ],
      'verdict_reason_insert',
    );
  }
}

/** Only the columns that occur are named: of the others nothing has to be sent, read and looked at. */
async function insertRows(sql: Sql, rows: readonly PackedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = COLUMNS.filter((name) => rows.some((row) => row.columns[name] !== undefined));
  const arrays = columns.map((name, index) => `$${index + 3}::${typeOf(name)}[]`);
  const values = columns.map((name) => (name.startsWith('bits') ? `coalesce(${name}, 0)` : name));
  const names = ['stay', 'pack', ...columns].join(', ');
  await sql.query(
    `INSERT INTO verdict (${names}) SELECT ${['stay', 'pack', ...values].join(', ')}
     FROM unnest(${['$1::uuid[]', '$2::smallint[]', ...arrays].join(', ')}) AS row_of_stay (${names})`,
    [
      arrayText(rows.map(({ id }) => keyOf(`Encounter/${id}`))),
      arrayText(rows.map(({ pack }) => pack)),
      ...columns.map((name) => arrayText(rows.map((row) => row.columns[name]))),
    ],
  );
}

/** Of a column of {@link COLUMNS}. */
function typeOf(column: string): string {
  if (column.startsWith('bits')) return 'smallint';
  if (column.startsWith('anchor')) return 'date';
  if (column.startsWith('due')) return 'timestamptz';
  return column.startsWith('obs') ? 'double precision' : 'integer';
}
