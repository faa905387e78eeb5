import { createHash } from 'node:crypto';
import type { Identifier } from '@medplum/fhirtypes';
import { badRequest, errorIssue, FhirError } from '../../fhir/outcome.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Reader, ResourceVersion } from '../../store/store.ts';
import type { Context, Pairs } from './exchange.ts';
import { withoutFormat } from './page-parameters.ts';
import { formatPairs, parsePairs } from './query.ts';

/** A search that should find one resource: of a conditional interaction or a conditional reference. */
export interface Criteria {
  readonly type: string;
  readonly pairs: Pairs;
  /** The same for criteria that differ only in spelling and order; tells repeats apart from new ones. */
  readonly key: string;
}

/** These shape an answer; a condition has none. */
const NO_CONDITION =
  /^(_count|_sort|_include|_revinclude|_summary|_elements|_total|_contained|_cursor|__explain)(:|$)/;

/** Identifiers asked for in one search. */
const BULK = 100;

/** @throws FhirError 412 without a condition (it would select everything), 400 for what is no condition. */
export function criteriaOf(type: string, query: string | Pairs, expression: string): Criteria {
  const text = typeof query === 'string' ? query.replace(/^.*\?/, '') : query;
  const pairs = withoutFormat(typeof text === 'string' ? parsePairs(text) : text).filter(
    ([, value]) => value !== '',
  );
  if (pairs.length === 0) {
    throw new FhirError(412, [
      errorIssue(
        'required',
        'The condition is empty and would select everything. Say which resource is meant.',
        expression,
      ),
    ]);
  }
  const shaping = pairs.find(([name]) => NO_CONDITION.test(name));
  if (shaping !== undefined) {
    throw badRequest(`${shaping[0]} is not a condition. Leave it out.`, expression, 'not-supported');
  }
  const key = `${type}?${formatPairs([...pairs].sort(([a, x], [b, y]) => compare(a, b) || compare(x, y)))}`;
  return { type, pairs, key };
}

/**
 * Names of the locks under which criteria must be resolved and acted on, so that two requests with the same
 * condition do not both find nothing and both create. Few buckets: a transaction may have 10,000 conditions.
 */
export function lockNames(all: readonly Criteria[]): readonly string[] {
  const names = all.map(({ type, key }) => {
    const bucket = createHash('sha256').update(key).digest()[0] as number;
    return `conditional:${type}:${bucket}`;
  });
  return [...new Set(names)];
}

/** How conditions are read: as any search. */
export type Searching = Pick<Context, 'registry' | 'timezone'>;

/** What one criteria selects, at most `limit` resources. */
export async function resolveOne(
  reader: Reader,
  { type, pairs }: Criteria,
  { registry, timezone }: Searching,
  limit = 2,
): Promise<readonly ResourceVersion[]> {
  const query = parseSearch(type, [...pairs, ['_count', String(limit)]], { registry, timezone });
  return (await reader.search(query)).matches;
}

/**
 * What each criteria selects (two at most, which is one too many), keyed by {@link Criteria.key}. Criteria that
 * are one identifier, the usual case, are looked up together.
 */
export async function resolveAll(
  reader: Reader,
  all: readonly Criteria[],
  searching: Searching,
): Promise<ReadonlyMap<string, readonly ResourceVersion[]>> {
  const found = new Map<string, readonly ResourceVersion[]>();
  const distinct = new Map(all.map((criteria) => [criteria.key, criteria]));
  const byType = new Map<string, Criteria[]>();
  for (const criteria of distinct.values()) {
    if (soleIdentifier(criteria) === undefined) {
      found.set(criteria.key, await resolveOne(reader, criteria, searching));
    } else byType.set(criteria.type, [...(byType.get(criteria.type) ?? []), criteria]);
  }
  for (const [type, group] of byType) {
    for (let start = 0; start < group.length; start += BULK) {
      await resolveIdentifiers(reader, type, group.slice(start, start + BULK), searching, found);
    }
  }
  return found;
}

async function resolveIdentifiers(
  reader: Reader,
  type: string,
  group: readonly Criteria[],
  searching: Searching,
  found: Map<string, readonly ResourceVersion[]>,
): Promise<void> {
  const values = group.map((criteria) => soleIdentifier(criteria) as string);
  const pairs: Pairs = [
    ['identifier', values.join(',')],
    ['_count', String(BULK * 3)],
  ];
  const page = await reader.search(parseSearch(type, pairs, searching));
  // So many matches that the page is full means that identifiers are not unique: ask one by one.
  if (page.next !== undefined) {
    for (const criteria of group) found.set(criteria.key, await resolveOne(reader, criteria, searching));
    return;
  }
  const byIdentifier = new Map<string, ResourceVersion[]>();
  for (const match of page.matches) {
    for (const identifier of identifiersOf(match)) {
      byIdentifier.set(identifier, [...(byIdentifier.get(identifier) ?? []), match]);
    }
  }
  group.forEach((criteria, index) => {
    found.set(criteria.key, byIdentifier.get(unescaped(values[index] as string)) ?? []);
  });
}

/** `system|value` when this is all that is asked. */
function soleIdentifier({ pairs }: Criteria): string | undefined {
  const [name, value] = pairs[0] as readonly [string, string];
  if (pairs.length !== 1 || name !== 'identifier') return undefined;
  return /^(?:[^|,\\]|\\.)+\|(?:[^|,\\]|\\.)+$/.test(value) ? value : undefined;
}

function identifiersOf(match: ResourceVersion): ReadonlySet<string> {
  const { identifier } = JSON.parse(match.content) as { identifier?: Identifier | Identifier[] };
  const all = identifier === undefined ? [] : Array.isArray(identifier) ? identifier : [identifier];
  return new Set(all.map(({ system, value }) => `${system ?? ''}|${value ?? ''}`));
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, '$1');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
