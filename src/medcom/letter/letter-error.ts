import { withoutCpr } from '../message/message-error.ts';

/** Why a letter is refused, in the codes of MedCom's negative receipt (XCTL02). */
export type RefuseCode =
  | 'ikke_specificeret'
  | 'ukendt_lokationsnummer'
  | 'problem_med_modtagerID'
  | 'problem_med_version'
  | 'syntaksfejl';

/** The letter cannot be received. `place` is the path of local names; the text never carries a CPR number. */
export class LetterError extends Error {
  readonly refuse: RefuseCode;
  readonly place: string | undefined;

  constructor(refuse: RefuseCode, text: string, place?: string) {
    super(withoutCpr(text));
    this.name = 'LetterError';
    this.refuse = refuse;
    this.place = place;
  }
}

/** A mandatory element is absent or empty. */
export function missingElement(place: string): LetterError {
  return new LetterError('syntaksfejl', `Elementet ${place} mangler (the element is missing).`, place);
}
