import { randomUUID } from 'node:crypto';
import type { Receipt, SeenReceipt, StayEventRow } from '../receipts/rows.ts';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import { plainArray, textArray } from '../write/arrays.ts';

/**
 * Receipts and stay events of the messages that one transaction takes in: those stored were read with their cases,
 * new ones are kept until all can be stored in one statement.
 */
export interface Ledger {
  readonly receipts: SeenReceipt[];
  readonly added: Receipt[];
  /** By Patient id; absent when they were not read. */
  readonly events?: ReadonlyMap<string, readonly StayEventRow[]>;
  readonly saved: (StayEventRow & { readonly patient: string })[];
}

/** @param events absent when they were not read */
export function createLedger(
  receipts: readonly SeenReceipt[],
  events?: readonly (StayEventRow & { readonly patient: string })[],
): Ledger {
  const ledger = { receipts: [...receipts], added: [], saved: [] };
  if (events === undefined) return ledger;
  const byPatient = new Map<string, StayEventRow[]>();
  for (const { patient, ...event } of events) {
    const told = byPatient.get(patient);
    if (told === undefined) byPatient.set(patient, [event]);
    else told.push(event);
  }
  return { ...ledger, events: byPatient };
}

const ledgers = new WeakMap<Reader, Ledger>();

/** From now on findReceipts, addReceipt, readStayEvents and saveStayEvents of this reader go to the ledger. */
export function useLedger(reader: Reader, ledger: Ledger): void {
  ledgers.set(reader, ledger);
}

export function ledgerOf(reader: Reader): Ledger | undefined {
  return ledgers.get(reader);
}

const STORE = `
  WITH receipt AS (
    INSERT INTO medcom_receipt (id, identity, transmission, kind, activity, sender, receiver, told, received, outcome,
      content_hash, acknowledgement)
    SELECT id, identity, transmission, kind, activity, sender, receiver, told::timestamptz, received::timestamptz,
      outcome, content_hash, acknowledgement
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::text[], $11::text[], $12::text[])
      AS r (id, identity, transmission, kind, activity, sender, receiver, told, received, outcome, content_hash,
        acknowledgement)
  )
  INSERT INTO medcom_stay_event (patient, source, stay, event)
  SELECT * FROM unnest($13::text[], $14::text[], $15::text[], $16::text[])
  ON CONFLICT (patient, source) DO UPDATE SET stay = excluded.stay`;

/** Stores what was added, in one statement that travels with the next one or with COMMIT. */
export async function storeLedger(reader: Reader, { added, saved }: Ledger): Promise<void> {
  if (added.length === 0 && saved.length === 0) return;
  const receipts = <K extends keyof Receipt>(name: K) => textArray(added.map((each) => each[name]));
  const events = <K extends keyof (typeof saved)[number]>(name: K) =>
    textArray(saved.map((each) => each[name]));
  await sqlOf(reader).later(
    STORE,
    [
      plainArray(added.map(() => randomUUID())),
      receipts('identity'),
      receipts('transmission'),
      receipts('kind'),
      receipts('activity'),
      receipts('sender'),
      receipts('receiver'),
      receipts('told'),
      receipts('received'),
      receipts('outcome'),
      receipts('contentHash'),
      receipts('acknowledgement'),
      events('patient'),
      events('source'),
      events('stay'),
      events('event'),
    ],
    'store_ledger',
  );
}
