import fhirpath from 'fhirpath';

/** Code systems defined by a grammar instead of a list: whether a code is well-formed in them. */
const GRAMMARS: Readonly<Record<string, (code: string) => boolean>> = {
  /** Media types (RFC 6838), with parameters. */
  'urn:ietf:bcp:13': (code) => /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;.*)?$/.test(code) || /^\w+$/.test(code),
  /** Language tags (RFC 5646). */
  'urn:ietf:bcp:47': isLanguage,
  'urn:iso:std:iso:4217': (code) => /^[A-Z]{3}$/.test(code),
  'http://unitsofmeasure.org': isUcum,
};

/** Whether the code belongs to a grammar-defined system; undefined when the system is not such a one. */
export function inOpenSystem(system: string, code: string): boolean | undefined {
  return GRAMMARS[system]?.(code);
}

function isLanguage(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(code).length === 1;
  } catch {
    return false;
  }
}

const units = new Map<string, boolean>();
const MOST_UNITS = 10_000;

function isUcum(code: string): boolean {
  let known = units.get(code);
  if (known === undefined) {
    known = code.length <= 100 && fhirpath.ucumUtils.validateUnitString(code)?.status === 'valid';
    if (units.size < MOST_UNITS) {
      units.set(code, known);
    }
  }
  return known;
}
