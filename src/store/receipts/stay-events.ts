import { ledgerOf } from '../intake/ledger.ts';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import type { StayEventRow } from './rows.ts';

/** Everything that was told of this citizen's stays. */
export async function readStayEvents(reader: Reader, patient: string): Promise<readonly StayEventRow[]> {
  const ledger = ledgerOf(reader);
  if (ledger !== undefined) {
    if (ledger.events === undefined) throw new Error('What was told of stays was not asked for');
    return ledger.events.get(patient) ?? [];
  }
  return sqlOf(reader).query<StayEventRow>(
    'SELECT source, stay, event FROM medcom_stay_event WHERE patient = $1',
    [patient],
    'medcom_read_stay_events',
  );
}

/** Adds notifications, and notes the Encounter that each known one belongs to now. */
export async function saveStayEvents(
  reader: Reader,
  patient: string,
  rows: readonly StayEventRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const ledger = ledgerOf(reader);
  if (ledger !== undefined) {
    ledger.saved.push(...rows.map((row) => ({ ...row, patient })));
    return;
  }
  await sqlOf(reader).query(
    `INSERT INTO medcom_stay_event (patient, source, stay, event)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
     ON CONFLICT (patient, source) DO UPDATE SET stay = excluded.stay`,
    [patient, rows.map((row) => row.source), rows.map((row) => row.stay), rows.map((row) => row.event)],
    'medcom_save_stay_events',
  );
}
