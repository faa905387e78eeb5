import { randomUUID } from 'node:crypto';
import { ledgerOf } from '../intake/ledger.ts';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import type { Receipt, SeenReceipt } from './rows.ts';

/** First-time receipts with this identity or this transmission, in one round trip. */
export async function findReceipts(
  reader: Reader,
  identity: string | undefined,
  transmission: string | undefined,
): Promise<readonly SeenReceipt[]> {
  const ledger = ledgerOf(reader);
  if (ledger !== undefined) {
    return ledger.receipts.filter(
      (seen) =>
        (identity !== undefined && seen.identity === identity) ||
        (transmission !== undefined && seen.transmission === transmission),
    );
  }
  return sqlOf(reader).query<SeenReceipt>(
    `SELECT identity, transmission, outcome, acknowledgement FROM medcom_receipt
      WHERE identity = $1 AND outcome <> 'duplicate'
      UNION ALL
     SELECT identity, transmission, outcome, acknowledgement FROM medcom_receipt
      WHERE transmission = $2 AND outcome <> 'duplicate' AND identity IS DISTINCT FROM $1`,
    [identity ?? null, transmission ?? null],
    'medcom_find_receipts',
  );
}

/** Keeps the receipt of a message or letter; first-time identities are unique. */
export async function addReceipt(reader: Reader, receipt: Receipt): Promise<void> {
  const ledger = ledgerOf(reader);
  if (ledger !== undefined) {
    ledger.added.push(receipt);
    return;
  }
  await sqlOf(reader).query(
    `INSERT INTO medcom_receipt (id, identity, transmission, kind, activity, sender, receiver, told, received,
                                 outcome, content_hash, acknowledgement)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      randomUUID(),
      receipt.identity ?? null,
      receipt.transmission ?? null,
      receipt.kind,
      receipt.activity ?? null,
      receipt.sender ?? null,
      receipt.receiver ?? null,
      receipt.told ?? null,
      receipt.received,
      receipt.outcome,
      receipt.contentHash,
      receipt.acknowledgement,
    ],
    'medcom_add_receipt',
  );
}
