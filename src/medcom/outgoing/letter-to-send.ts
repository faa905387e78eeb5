import type { Binary, Communication, DocumentReference } from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import { asLetter } from '../letter/as-letter.ts';
import type { LetterFacts } from '../letter/letter-facts.ts';
import { letterIdentity } from '../letter/letter-resources.ts';
import { type Emessage, readEmessages } from '../letter/read-emessage.ts';
import { readLetter } from '../letter/read-letter.ts';
import { loadResource } from '../load.ts';

/** A letter as it goes out: its bytes, and what they say. */
export interface LetterToSend {
  readonly bytes: Uint8Array;
  readonly facts: LetterFacts;
  /** Sender and identifier (docs/medcom/letters.md). */
  readonly identity: string;
  readonly wantsReceipt: boolean;
}

/**
 * The letter of an exchange: the original, byte for byte, where it came as one; else as `$as-letter` writes it. An
 * envelope with several letters is not passed on whole: the others may be for somebody else.
 * @throws FhirError as asLetter
 */
export async function letterToSend(
  reader: Reader,
  communication: Communication & { readonly id: string },
): Promise<LetterToSend> {
  const original = await originalLetter(reader, communication);
  if (original !== undefined) return original;
  return describe(new TextEncoder().encode(await asLetter(reader, communication.id)));
}

async function originalLetter(
  reader: Reader,
  communication: Communication,
): Promise<LetterToSend | undefined> {
  const reference = communication.payload
    ?.map((each) => each.contentReference?.reference)
    .find((each) => each?.startsWith('DocumentReference/'));
  const document = await loadResource<DocumentReference>(reader, reference);
  const attachment = document?.content[0]?.attachment;
  if (attachment?.contentType !== 'application/xml') return undefined;
  const binary = await loadResource<Binary>(reader, attachment.url);
  if (binary?.data === undefined) return undefined;
  const bytes = Buffer.from(binary.data, 'base64');
  return readEmessages(bytes).flatMap((each) => each.letters).length === 1 ? describe(bytes) : undefined;
}

function describe(bytes: Uint8Array): LetterToSend {
  const [emessage] = readEmessages(bytes) as [Emessage];
  const facts = readLetter(emessage.letters[0]!, emessage.envelope);
  return { bytes, facts, identity: letterIdentity(facts), wantsReceipt: emessage.wantsReceipt };
}
