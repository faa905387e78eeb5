import { sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';
import type { Layout } from './layout.ts';

/** A Measure whose verdicts are kept. */
export interface KeptMeasure {
  readonly id: string;
  /** Version of the stored resource that the verdicts are of. */
  readonly version: number;
  /** What the verdicts depend on beside the facts: the Measure's content, the time zone. */
  readonly digest: string;
  readonly layout: Layout;
}

export async function keptMeasures(reader: Reader): Promise<KeptMeasure[]> {
  const rows = await sqlOf(reader).query<Omit<KeptMeasure, 'layout'> & { layout: string }>(
    'SELECT id, version, digest, layout FROM verdict_measure ORDER BY id',
    [],
    'verdict_measures',
  );
  return rows.map((row) => ({ ...row, layout: JSON.parse(row.layout) as Layout }));
}

export async function keepMeasure(transaction: StoreTransaction, measure: KeptMeasure): Promise<void> {
  await sqlOf(transaction).query(
    `INSERT INTO verdict_measure (id, version, digest, layout) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET version = excluded.version, digest = excluded.digest, layout = excluded.layout`,
    [measure.id, measure.version, measure.digest, JSON.stringify(measure.layout)],
  );
}

export async function forgetMeasure(transaction: StoreTransaction, id: string): Promise<void> {
  await sqlOf(transaction).query('DELETE FROM verdict_measure WHERE id = $1', [id]);
}
