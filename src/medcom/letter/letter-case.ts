import type { CarePlan, Communication } from '@medplum/fhirtypes';
import { referring } from '../../coordination/facts/lookup.ts';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { Reader, StoreTransaction } from '../../store/store.ts';
import { storedStays } from '../stay/follow-stays.ts';
import { LETTER_EXTENSION } from '../vocabulary.ts';
import { attachLetters, type LetterCase } from './attach.ts';

type Letter = Communication & { readonly id: string };
type Plan = CarePlan & { readonly id: string };

/** Everything that came of this citizen in letters, and the stays it may belong to. */
export async function loadLetterCase(reader: Reader, patientId: string): Promise<LetterCase> {
  const all = await referring(
    reader,
    [
      ['Communication', 'subject'],
      ['CarePlan', 'subject'],
    ],
    [`Patient/${patientId}`],
  );
  const letters = all.filter(
    (one): one is Letter =>
      one.resourceType === 'Communication' &&
      isReceived(one as Letter) &&
      (one as Letter).extension?.some((extension) => extension.url === LETTER_EXTENSION.facts) === true,
  );
  const plans =
    letters.length === 0
      ? []
      : all.filter((one): one is Plan => one.resourceType === 'CarePlan' && isReceived(one as Plan));
  return { stays: await storedStays(reader, patientId), letters, plans, fresh: new Set() };
}

/** Came as a letter or message, or came of one. */
function isReceived({ identifier }: Letter | Plan): boolean {
  return identifier?.some(({ system }) => system === IDENTIFIER_SYSTEM.message) === true;
}

/** Ties the citizen's letters to their stays anew, after the stays changed. */
export async function reattachLetters(transaction: StoreTransaction, patientId: string): Promise<void> {
  const known = await loadLetterCase(transaction, patientId);
  const changes = known.letters.length === 0 ? [] : attachLetters(known);
  if (changes.length > 0) await transaction.write(changes);
}
