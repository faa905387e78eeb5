import type { XmlElement } from '../../fhir/xml/reader.ts';
import { addReceipt, findReceipts } from '../../store/receipts/receipt.ts';
import type { Store } from '../../store/store.ts';
import { settleLetters } from '../outgoing/settle.ts';
import { readReceipt } from './read-receipt.ts';

/**
 * A receipt of letters that Overgang sent: it settles their delivery. The same receipt again, or one of letters that
 * Overgang never sent, changes nothing. Receipts are never acknowledged.
 * @throws LetterError when the receipt does not say what it answers
 */
export async function receiveReceipt(
  store: Store,
  element: XmlElement,
  context: { readonly hash: string; readonly now: string },
): Promise<void> {
  const receipt = readReceipt(element);
  const { identity, type, version, sender, receiver } = receipt;
  await store.transaction(async (transaction) => {
    await transaction.lock([`letter ${identity}`]);
    const [before] = await findReceipts(transaction, identity, undefined);
    if (before !== undefined) return;
    await settleLetters(transaction, receipt, context.now);
    await addReceipt(transaction, {
      identity,
      kind: type,
      activity: version,
      // The receipt goes the other way: who received the letters tells it to who sent them.
      sender: receiver,
      receiver: sender,
      received: context.now,
      outcome: 'ok',
      contentHash: context.hash,
      acknowledgement: '',
    });
  });
}
