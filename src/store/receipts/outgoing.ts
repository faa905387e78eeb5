import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';

export type OutgoingState = 'waiting' | 'awaiting' | 'acknowledged' | 'in-error';

export interface OutgoingMessage {
  /** MessageHeader.id. */
  readonly message: string;
  readonly endpoint: string;
  /** JSON text of the message Bundle. */
  readonly content: string;
  readonly about: string | null;
  readonly state: OutgoingState;
  readonly attempts: number;
}

const COLUMNS = 'message, endpoint, content, about, state, attempts';

/** Puts a message into the queue; the same one twice is one. */
export async function enqueue(
  reader: Reader,
  message: Pick<OutgoingMessage, 'message' | 'endpoint' | 'content' | 'about'>,
  now: string,
): Promise<void> {
  await sqlOf(reader).query(
    `INSERT INTO medcom_outgoing (message, endpoint, content, about, state, next_attempt, created)
     VALUES ($1, $2, $3, $4, 'waiting', $5, $5) ON CONFLICT (message) DO NOTHING`,
    [message.message, message.endpoint, message.content, message.about, now],
  );
}

/** Takes one message whose time has come, locked until the transaction ends; others skip it. */
export async function takeDue(reader: Reader, now: string): Promise<OutgoingMessage | undefined> {
  const [due] = await sqlOf(reader).query<OutgoingMessage>(
    `SELECT ${COLUMNS} FROM medcom_outgoing WHERE next_attempt <= $1
      ORDER BY next_attempt LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [now],
  );
  return due;
}

export async function findOutgoing(reader: Reader, message: string): Promise<OutgoingMessage | undefined> {
  const [found] = await sqlOf(reader).query<OutgoingMessage>(
    `SELECT ${COLUMNS} FROM medcom_outgoing WHERE message = $1 FOR UPDATE`,
    [message],
  );
  return found;
}

/** Notes an attempt: what the message waits for now, and when it is due again (undefined: never). */
export async function noteAttempt(
  reader: Reader,
  message: string,
  note: {
    readonly state: OutgoingState;
    readonly attempts: number;
    readonly next?: string;
    readonly error?: string;
    readonly now: string;
  },
): Promise<void> {
  await sqlOf(reader).query(
    `UPDATE medcom_outgoing SET state = $2, attempts = $3, next_attempt = $4, last_error = $5,
            settled = CASE WHEN $4::timestamptz IS NULL THEN $6::timestamptz END
      WHERE message = $1`,
    [message, note.state, note.attempts, note.next ?? null, note.error ?? null, note.now],
  );
}
