/**
 * Numbers for invented organisations: of the right form, so that every check of form passes, and out of the
 * series in use. `index` is the position of the organisation in its list.
 */

/** Position of a kind in the numbers, so that no two kinds share one. */
const KINDS = ['region', 'hospital', 'department', 'municipality', 'practice', 'unit'] as const;
export type OrganisationKind = (typeof KINDS)[number];

const serial = (kind: OrganisationKind, index: number): string =>
  `${KINDS.indexOf(kind) + 1}${String(index).padStart(4, '0')}`;

/** 13 digits with the GS1 check digit (modulus 10, weights 1 and 3). */
export function gln(kind: OrganisationKind, index: number): string {
  const digits = `5790999${serial(kind, index)}`;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** 16 digits in the form of a SOR code (item, Danish namespace, partition, last digit). */
export function sor(kind: OrganisationKind, index: number): string {
  return `9${serial(kind, index)}1000016000`;
}
