const MARKS = /\p{Mark}/gu;
const SPACES = /\s+/gu;
/** Words of ASCII with single spaces, the commonest texts: only their case is folded. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Folds a text for string search (R4 search.html#string): case, accents and runs of white space do not count.
 * `Åse  Müller` and `ase muller` are the same; `ø` and `æ` are letters of their own.
 */
export function fold(text: string): string {
  if (PLAIN.test(text)) {
    return text.toLowerCase();
  }
  return text.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(SPACES, ' ').trim();
}
