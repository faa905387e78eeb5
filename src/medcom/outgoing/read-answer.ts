import type { Bundle } from '@medplum/fhirtypes';
import { fromXml } from '../../fhir/xml.ts';
import type { OutgoingMessage } from '../../store/receipts/outgoing.ts';
import { readEmessages } from '../letter/read-emessage.ts';
import { isReceipt, type ReceiptFacts, readReceipt } from '../letter/read-receipt.ts';

/** What a receiver answers over the connection itself; nothing of it is believed beyond its own message. */
export interface DirectAnswer {
  readonly acknowledgement?: Bundle;
  readonly receipts?: readonly ReceiptFacts[];
}

/** The acknowledgement or receipts in the body of an HTTP answer; empty when there are none that can be read. */
export function readAnswer(kind: OutgoingMessage['kind'], body: string): DirectAnswer {
  if (body.trim() === '') return {};
  try {
    if (kind === 'message') {
      const answer: unknown = body.trimStart().startsWith('<') ? fromXml(body) : JSON.parse(body);
      const isBundle = (answer as Partial<Bundle> | null)?.resourceType === 'Bundle';
      return isBundle ? { acknowledgement: answer as Bundle } : {};
    }
    const elements = readEmessages(new TextEncoder().encode(body)).flatMap((each) => each.letters);
    return { receipts: elements.filter(isReceipt).map(readReceipt) };
  } catch {
    // A page of a proxy, an OperationOutcome, broken XML: as good as no answer, and the message is sent again.
    return {};
  }
}
