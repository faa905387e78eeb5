import type { Communication } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import { MEDCOM_SYSTEM } from '../vocabulary.ts';
import type { LetterType } from './letter-facts.ts';
import { LETTER_KINDS } from './letter-kinds.ts';

/**
 * The kind of letter that a Communication came in, or would be written as: an exchange as its letter, correspondence
 * (a category of MedCom's CareCommunication) as XDIS91; undefined for anything else.
 */
export function letterTypeOf(communication: Communication): LetterType | undefined {
  const codes = (communication.category ?? []).flatMap((each) => each.coding ?? []);
  const own = codes.find((coding) => coding.system === MEDCOM_SYSTEM.letterType)?.code;
  if (own !== undefined && own in LETTER_KINDS) return own as LetterType;
  const entries = Object.entries(LETTER_KINDS) as [LetterType, (typeof LETTER_KINDS)[LetterType]][];
  const exchange = entries.find(([, kind]) =>
    codes.some((coding) => coding.system === CODE_SYSTEM.exchange && coding.code === kind.exchange),
  );
  if (exchange !== undefined) return exchange[0];
  return codes.some((coding) => coding.system === MEDCOM_SYSTEM.careCategory) ? 'XDIS91' : undefined;
}
