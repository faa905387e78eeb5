import type { CarePlan, Communication } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Reader, StoreTransaction } from '../../store/store.ts';
import { storedStays } from '../stay/follow-stays.ts';
import { LETTER_EXTENSION } from '../vocabulary.ts';
import { attachLetters, type LetterCase } from './attach.ts';

type Letter = Communication & { readonly id: string };
type Plan = CarePlan & { readonly id: string };

/** Everything that came of this citizen in letters, and the stays it may belong to. */
export async function loadLetterCase(reader: Reader, patientId: string): Promise<LetterCase> {
  const letters = (await received<Letter>(reader, 'Communication', patientId)).filter((letter) =>
    letter.extension?.some((extension) => extension.url === LETTER_EXTENSION.facts),
  );
  const plans = letters.length === 0 ? [] : await received<Plan>(reader, 'CarePlan', patientId);
  return { stays: await storedStays(reader, patientId), letters, plans, fresh: new Set() };
}

async function received<T>(
  reader: Reader,
  type: 'Communication' | 'CarePlan',
  patientId: string,
): Promise<readonly T[]> {
  const page = await reader.search(
    parseSearch(type, [
      ['subject', `Patient/${patientId}`],
      ['identifier', `${IDENTIFIER_SYSTEM.message}|`],
      ['_count', '1000'],
    ]),
  );
  return page.matches.map((match) => JSON.parse(match.content) as T);
}

/** Ties the citizen's letters to their stays anew, after the stays changed. */
export async function reattachLetters(transaction: StoreTransaction, patientId: string): Promise<void> {
  const known = await loadLetterCase(transaction, patientId);
  const changes = known.letters.length === 0 ? [] : attachLetters(known);
  if (changes.length > 0) await transaction.write(changes);
}
