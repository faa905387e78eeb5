import { BUNDLE_RULES, ENTRY_RULES } from './bundle-rules.ts';
import { has, type Json } from './json-object.ts';
import type { Run } from './run.ts';

type Rule = (run: Run, value: unknown) => boolean | undefined;

/** On objects; anything else has already been reported by the structure check. */
const on =
  (test: (value: Json) => boolean | undefined): Rule =>
  (_, value) =>
    typeof value === 'object' && value !== null ? test(value as Json) : undefined;

/**
 * Rules that stand on the commonest data types, and on what every message holds, written out, since FHIRPath would
 * take most of the time of a validation for them. The key is the expression itself: another version of a rule is
 * evaluated as FHIRPath. A test holds each of them against its expression on generated data.
 */
export const NATIVE_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['code.empty() or system.exists()', on((value) => !has(value, 'code') || has(value, 'system'))],
  ['value.empty() or system.exists()', on((value) => !has(value, 'value') || has(value, 'system'))],
  ['data.empty() or contentType.exists()', on((value) => !has(value, 'data') || has(value, 'contentType'))],
  [
    'expression.exists() or reference.exists()',
    on((value) => has(value, 'expression') || has(value, 'reference')),
  ],
  ['comparator.empty()', on((value) => !has(value, 'comparator'))],
  [
    'start.hasValue().not() or end.hasValue().not() or (start <= end)',
    on(({ start, end }) => (start === undefined || end === undefined ? true : notAfter(start, end))),
  ],
  [
    'low.empty() or high.empty() or (low <= high)',
    on(({ low, high }) => (low === undefined || high === undefined ? true : notMore(low, high))),
  ],
  [
    'lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn',
    on((task) => {
      if (!has(task, 'lastModified') || !has(task, 'authoredOn')) {
        return true;
      }
      return notAfter(task.authoredOn, task.lastModified);
    }),
  ],
  ['(identifier.count() + name.count()) > 0', on((value) => has(value, 'identifier') || has(value, 'name'))],
  ...[...BUNDLE_RULES, ...ENTRY_RULES].map(([expression, rule]) => [expression, on(rule)] as const),
]);

/** Quantities of one unit, written alike; others are left undecided. */
function notMore(low: unknown, high: unknown): boolean | undefined {
  if (typeof low !== 'object' || typeof high !== 'object' || low === null || high === null) {
    return undefined;
  }
  const { value: a, system: systemA, code: codeA, unit: unitA } = low as Json;
  const { value: b, system: systemB, code: codeB, unit: unitB } = high as Json;
  const alike = systemA === systemB && codeA === codeB && (codeA !== undefined || unitA === unitB);
  return alike && typeof a === 'number' && typeof b === 'number' ? a <= b : undefined;
}

const INSTANT = /T.*(Z|[+-]\d\d:\d\d)$/;

/**
 * Whether the first FHIR date or time is not after the second; undefined when their precision leaves it open, as
 * FHIRPath says of `<=`: a part that only one of them has decides nothing while the parts before it are equal.
 */
function notAfter(first: unknown, second: unknown): boolean | undefined {
  if (typeof first !== 'string' || typeof second !== 'string') {
    return undefined;
  }
  const timed = INSTANT.test(first);
  if (timed && INSTANT.test(second)) {
    return Date.parse(first) <= Date.parse(second);
  }
  const length = Math.min(first.length, second.length, 10);
  const a = timed ? undefined : first.slice(0, length);
  const b = INSTANT.test(second) ? undefined : second.slice(0, length);
  if (a === undefined || b === undefined) {
    return daysApart(first, second);
  }
  return a === b && first.length !== second.length ? undefined : a <= b;
}

/** A day against an instant: the day's zone is not known, so that only days that differ in every zone decide. */
function daysApart(first: string, second: string): boolean | undefined {
  const bounds = (value: string): readonly [number, number] => {
    if (INSTANT.test(value)) {
      const at = Date.parse(value);
      return [at, at];
    }
    const [year = '', month, day] = value.split('-');
    const from = Date.UTC(
      Number(year),
      month === undefined ? 0 : Number(month) - 1,
      day === undefined ? 1 : Number(day),
    );
    const to =
      month === undefined
        ? Date.UTC(Number(year) + 1, 0, 1)
        : day === undefined
          ? Date.UTC(Number(year), Number(month), 1)
          : from + 86_400_000;
    const widest = 14 * 3_600_000;
    return [from - widest, to + widest];
  };
  const [firstFrom, firstTo] = bounds(first);
  const [secondFrom, secondTo] = bounds(second);
  return firstTo <= secondFrom ? true : firstFrom > secondTo ? false : undefined;
}
