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
  readonly acknowledgement: string;
}

/** One logged notification of a citizen's stays; `event` is the JSON text that medcom writes and reads. */
export interface StayEventRow {
  readonly source: string;
  readonly stay: string | null;
  readonly event: string;
}
