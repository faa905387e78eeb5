import type { XmlElement } from '../../fhir/xml/reader.ts';
import { withoutCpr } from '../message/message-error.ts';
import { child, childrenNamed, requiredText, textAt } from './elements.ts';
import { missingElement } from './letter-error.ts';

const TYPES: ReadonlyMap<string, ReceiptFacts['type']> = new Map([
  ['NegativeVansReceipt', 'XCTL01'],
  ['NegativeReceipt', 'XCTL02'],
  ['PositiveReceipt', 'XCTL03'],
]);

/** A receipt of letters that were sent: what it says of which of them. */
export interface ReceiptFacts {
  /** XCTL01: the network could not deliver; XCTL02: the receiver refuses; XCTL03: received. */
  readonly type: 'XCTL01' | 'XCTL02' | 'XCTL03';
  /** Sender and identifier of the receipt itself. */
  readonly identity: string;
  readonly version: string;
  /** Envelope and parties of what was sent. */
  readonly envelope: string;
  readonly sender: string;
  readonly receiver: string;
  /** The letters it speaks of; none when it speaks of the whole envelope. */
  readonly letters: readonly { readonly identifier: string; readonly reason?: string }[];
  /** Why the envelope was refused. */
  readonly reason?: string;
}

export function isReceipt(element: XmlElement): boolean {
  return TYPES.has(element.name);
}

/**
 * Reads XCTL01, XCTL02 or XCTL03.
 * @throws LetterError when it does not say what it answers
 */
export function readReceipt(element: XmlElement): ReceiptFacts {
  const original = child(element, 'OriginalEmessage');
  if (original === undefined) throw missingElement(`${element.name}/OriginalEmessage`);
  const reason = reasonOf(original);
  return {
    type: TYPES.get(element.name)!,
    identity: `${requiredText(element, 'Sender', 'EANIdentifier')}#${requiredText(element, 'Letter', 'Identifier')}`,
    version: requiredText(element, 'Letter', 'VersionCode'),
    envelope: requiredText(original, 'OriginalEnvelopeIdentifier'),
    sender: requiredText(original, 'OriginalSender', 'EANIdentifier'),
    receiver: requiredText(original, 'OriginalReceiver', 'EANIdentifier'),
    letters: childrenNamed(original, 'OriginalLetter').map((letter) => {
      const own = reasonOf(letter);
      return {
        identifier: requiredText(letter, 'OriginalLetterIdentifier'),
        ...(own === undefined ? {} : { reason: own }),
      };
    }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** RefuseCode and RefuseText; what could be a CPR number is struck out. */
function reasonOf(element: XmlElement): string | undefined {
  const parts = [textAt(element, 'RefuseCode'), textAt(element, 'RefuseText')].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? undefined : withoutCpr(parts.join(': ')).slice(0, 500);
}
