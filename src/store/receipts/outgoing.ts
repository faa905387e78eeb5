import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';

export type OutgoingState = 'waiting' | 'awaiting' | 'sent' | 'acknowledged' | 'in-error';

/** A message or letter on its way out, as 0101 and 0110 of the migrations explain. */
export interface OutgoingMessage {
  /** MessageHeader.id; of a letter, its parties and identifier. */
  readonly message: string;
  readonly kind: 'message' | 'letter';
  readonly endpoint: string;
  readonly content: string;
  readonly facts: string;
  readonly about: string | null;
  readonly state: OutgoingState;
  readonly attempts: number;
  readonly refused: boolean;
}

/** What a receipt names a letter by. */
export interface LetterKeys {
  readonly letter: string;
  readonly envelope: string;
  readonly senderGln: string;
  readonly receiverGln: string;
}

export type NewOutgoing = Pick<OutgoingMessage, 'message' | 'endpoint' | 'content' | 'about'> &
  Partial<Pick<OutgoingMessage, 'kind' | 'facts'>> & { readonly keys?: LetterKeys };

const COLUMNS = 'message, kind, endpoint, content, facts, about, state, attempts, refused';

/** Puts a message into the queue; the same one twice is one, and one that failed is begun anew. */
export async function enqueue(reader: Reader, message: NewOutgoing, now: string): Promise<void> {
  const { keys } = message;
  await sqlOf(reader).query(
    `INSERT INTO medcom_outgoing (message, endpoint, content, about, state, next_attempt, created, kind, facts,
                                  letter, envelope, sender_gln, receiver_gln)
     VALUES ($1, $2, $3, $4, 'waiting', $5, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (message) DO UPDATE SET
       endpoint = excluded.endpoint, content = excluded.content, facts = excluded.facts, state = 'waiting',
       attempts = 0, next_attempt = excluded.next_attempt, last_error = NULL, settled = NULL, refused = false
     WHERE medcom_outgoing.state = 'in-error'`,
    [
      message.message,
      message.endpoint,
      message.content,
      message.about,
      now,
      message.kind ?? 'message',
      message.facts ?? '{}',
      keys?.letter ?? null,
      keys?.envelope ?? null,
      keys?.senderGln ?? null,
      keys?.receiverGln ?? null,
    ],
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

/** Everything that was queued about a resource, such as `Communication/[id]`, oldest first. */
export async function outgoingAbout(reader: Reader, about: string): Promise<readonly OutgoingMessage[]> {
  return sqlOf(reader).query<OutgoingMessage>(
    `SELECT ${COLUMNS} FROM medcom_outgoing WHERE about = $1 ORDER BY created, message`,
    [about],
  );
}

/**
 * The letters that a receipt speaks of, locked: those it names, between the parties it names; all of the envelope
 * when it names none.
 */
export async function findLetters(
  reader: Reader,
  named: Omit<LetterKeys, 'letter'> & { readonly letters: readonly string[] },
): Promise<readonly (OutgoingMessage & { readonly letter: string })[]> {
  return sqlOf(reader).query(
    `SELECT ${COLUMNS}, letter FROM medcom_outgoing
      WHERE sender_gln = $1 AND receiver_gln = $2
        AND CASE WHEN cardinality($3::text[]) > 0 THEN letter = ANY ($3::text[]) ELSE envelope = $4 END
      ORDER BY message FOR UPDATE`,
    [named.senderGln, named.receiverGln, named.letters, named.envelope],
  );
}

/** Notes where a message has come, and when it is due again (undefined: never). */
export async function noteAttempt(
  reader: Reader,
  message: string,
  note: {
    readonly state: OutgoingState;
    readonly attempts: number;
    readonly next?: string;
    readonly error?: string;
    readonly refused?: boolean;
    readonly now: string;
  },
): Promise<void> {
  await sqlOf(reader).query(
    `UPDATE medcom_outgoing SET state = $2, attempts = $3, next_attempt = $4, last_error = $5, refused = $7,
            settled = CASE WHEN $4::timestamptz IS NULL THEN $6::timestamptz END
      WHERE message = $1`,
    [
      message,
      note.state,
      note.attempts,
      note.next ?? null,
      note.error ?? null,
      note.now,
      note.refused ?? false,
    ],
  );
}
