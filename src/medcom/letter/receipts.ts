import { createHash } from 'node:crypto';
import { leaf, writeXml, type XmlNode } from '../build/xml-writer.ts';
import type { RefuseCode } from './letter-error.ts';
import { localParts } from './local-time.ts';

const NAMESPACE = 'http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2005/08/07/';
/** Stands where a location number could not be read; receipts cannot do without one. */
const UNKNOWN_GLN = '0000000000000';

/** What of a letter a receipt refers to; unknown parts are what could not be read. */
export interface ReceiptSubject {
  readonly envelope?: string;
  readonly letter?: string;
  readonly version?: string;
  /** GLN of the letter's sender, who gets the receipt. */
  readonly sender?: string;
  /** GLN of the letter's receiver, on whose behalf the receipt is given. */
  readonly receiver?: string;
}

/** XCTL03: the letter was received. `now` is an instant. */
export function positiveReceipt(subject: ReceiptSubject, now: string): string {
  return receipt('PositiveReceipt', 'XC0330Q', 'XCTL03', subject, now, []);
}

/** XCTL02: the letter was refused, and why. */
export function negativeReceipt(
  subject: ReceiptSubject,
  now: string,
  code: RefuseCode,
  reason: string,
): string {
  const refusal = [{ name: 'RefuseCode', text: code }, leaf('RefuseText', reason.slice(0, 2000), true)];
  return receipt('NegativeReceipt', 'XC0230Q', 'XCTL02', subject, now, refusal);
}

function receipt(
  root: string,
  version: string,
  type: string,
  subject: ReceiptSubject,
  now: string,
  refusal: readonly (XmlNode | undefined)[],
): string {
  const { date, time } = localParts(now);
  const identifier = receiptIdentifier(subject, now);
  const from = party('EANIdentifier', subject.receiver);
  const to = party('EANIdentifier', subject.sender);
  const reasons = refusal.filter((each) => each !== undefined);
  const original =
    subject.letter === undefined
      ? reasons
      : [
          {
            name: 'OriginalLetter',
            children: [
              { name: 'OriginalLetterIdentifier', text: subject.letter.slice(0, 14) },
              { name: 'OriginalVersionCode', text: subject.version ?? 'ukendt' },
              ...reasons,
            ],
          },
        ];
  return writeXml(
    {
      name: 'Emessage',
      children: [
        {
          name: 'Envelope',
          children: [
            {
              name: 'Sent',
              children: [
                { name: 'Date', text: date },
                { name: 'Time', text: time },
              ],
            },
            { name: 'Identifier', text: identifier },
            { name: 'AcknowledgementCode', text: 'minuspositivkvitt' },
          ],
        },
        {
          name: root,
          children: [
            {
              name: 'Letter',
              children: [
                { name: 'Identifier', text: identifier },
                { name: 'VersionCode', text: version },
                { name: 'StatisticalCode', text: type },
              ],
            },
            { name: 'Sender', children: [from] },
            { name: 'Receiver', children: [to] },
            {
              name: 'OriginalEmessage',
              children: [
                { name: 'OriginalEnvelopeIdentifier', text: (subject.envelope ?? 'ukendt').slice(0, 14) },
                { name: 'OriginalSender', children: [to] },
                { name: 'OriginalReceiver', children: [from] },
                ...original,
              ],
            },
          ],
        },
      ],
    },
    NAMESPACE,
  );
}

function party(name: string, gln: string | undefined): XmlNode {
  return { name, text: gln ?? UNKNOWN_GLN };
}

/** At most 14 characters, the same for the same letter and moment. */
function receiptIdentifier(subject: ReceiptSubject, now: string): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, now]))
    .digest('hex')
    .slice(0, 14)
    .toUpperCase();
}
