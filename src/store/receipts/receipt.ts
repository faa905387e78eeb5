import { randomUUID } from 'node:crypto';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';

/** The technical trace of one message or letter: metadata and the answer, never content. */
export interface Receipt {
  /** MessageHeader.id, or sender and identifier of a letter. */
  readonly identity?: string;
  /** Bundle.id, or sender and identifier of a letter's envelope. */
  readonly transmission?: string;
  /** Event code of a message, type code of a letter. */
  readonly kind: string;
  readonly activity?: string;
  readonly sender?: string;
  readonly receiver?: string;
  /** Instant at which the sender told it. */
  readonly told?: string;
  readonly received: string;
  /** `duplicate`: came again and was answered as the first time. */
  readonly outcome: 'ok' | 'fatal-error' | 'duplicate';
  /** SHA-256 of the content as received. */
  readonly contentHash: string;
  /** The answer: JSON text of an Acknowledgement, or XML of a receipt. */
  readonly acknowledgement: string;
}

/** What is known of a message that came before. */
export interface SeenReceipt {
  readonly identity: string | null;
  readonly transmission: string | null;
  readonly outcome: Receipt['outcome'];
  readonly content_hash: string;
  readonly acknowledgement: string;
}

/** First-time receipts with this identity or this transmission, in one round trip. */
export async function findReceipts(
  reader: Reader,
  identity: string | undefined,
  transmission: string | undefined,
): Promise<readonly SeenReceipt[]> {
  return sqlOf(reader).query<SeenReceipt>(
    `SELECT identity, transmission, outcome, content_hash, acknowledgement FROM medcom_receipt
      WHERE identity = $1 AND outcome <> 'duplicate'
      UNION ALL
     SELECT identity, transmission, outcome, content_hash, acknowledgement FROM medcom_receipt
      WHERE transmission = $2 AND outcome <> 'duplicate' AND identity IS DISTINCT FROM $1`,
    [identity ?? null, transmission ?? null],
    'medcom_find_receipts',
  );
}

/** Keeps the receipt of a message or letter; first-time identities are unique. */
export async function addReceipt(reader: Reader, receipt: Receipt): Promise<void> {
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
