import { parameterId } from '../../fhir/search/parameters.ts';
import type { DateLeaf, Prefix } from '../../fhir/search/query.ts';
import { keyOf } from '../keys.ts';
import type { Binder } from './binder.ts';
import { type LeafRows, leafRows, parameterIs } from './leaf-rows.ts';
import { mergeLeaves } from './merge.ts';
import { dateCondition } from './ranges.ts';
import type { ResolvedCondition, ResolvedLeaf } from './resolve.ts';

/** FROM and WHERE of the resources that meet a condition. `anchor` has their `seq` and `key`. */
export interface Matching {
  readonly from: string;
  readonly where: readonly string[];
  readonly anchor: string;
  /** The alias of the resource table, when it is among the tables. */
  readonly resource?: string;
  /** The plan is the same whatever the values are: the statement may be prepared. */
  readonly steady: boolean;
}

interface Subject {
  readonly alias: string;
  readonly types: readonly string[];
  /** Alias of the resource row; asking for it joins it. */
  resource(): string;
}

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** No version is older than the store or from beyond the year 9999, and timestamptz knows no year 0 or 10000. */
function timestamp(milliseconds: number): string {
  return new Date(Math.max(EARLIEST, Math.min(LATEST, milliseconds))).toISOString();
}

function timeCondition(column: string, prefix: Prefix, low: () => string, high: () => string): string {
  switch (prefix) {
    case 'eq':
    case 'ap':
      return `(${column} >= ${low()} AND ${column} < ${high()})`;
    case 'ne':
      return `NOT (${column} >= ${low()} AND ${column} < ${high()})`;
    case 'gt':
    case 'sa':
      return `${column} >= ${high()}`;
    case 'lt':
    case 'eb':
      return `${column} < ${low()}`;
    case 'ge':
      return `${column} >= ${low()}`;
    case 'le':
      return `${column} < ${high()}`;
  }
}

function exists(subject: Subject, rows: readonly LeafRows[], binder: Binder): string {
  const [first] = rows as readonly [LeafRows];
  const x = binder.alias();
  const conditions = rows.map(({ condition }) => condition(x, binder));
  const either =
    conditions.length === 1
      ? `(${conditions[0]})`
      : `(${conditions.map((each) => `(${each})`).join(' OR ')})`;
  return `EXISTS (SELECT FROM ${first.table} ${x} WHERE ${x}.seq = ${subject.alias}.seq AND ${parameterIs(x, first.parameters)} AND ${either})`;
}

const sameRows = (one: LeafRows, other: LeafRows) =>
  one.table === other.table && one.parameters.join() === other.parameters.join();

function leafPredicate(leaf: ResolvedLeaf, subject: Subject, binder: Binder): string {
  const { alias } = subject;
  switch (leaf.kind) {
    case 'id': {
      const keys = subject.types.flatMap((type) => leaf.ids.map((id) => keyOf(`${type}/${id}`)));
      return `${alias}.key = ANY (${binder.bindArray(keys, 'uuid')})`;
    }
    case 'type':
      return `${subject.resource()}.type = ANY (${binder.bindArray(leaf.types, 'text')})`;
    case 'last-updated': {
      const at = (time: number) => () => `${binder.bind(timestamp(time))}::timestamptz`;
      return timeCondition(`${subject.resource()}.last_updated`, leaf.prefix, at(leaf.low), at(leaf.high));
    }
    case 'member': {
      const list = `(SELECT seq FROM resource WHERE key = ${binder.bind(keyOf(`List/${leaf.list}`))}::uuid)`;
      const x = binder.alias();
      return `EXISTS (SELECT FROM reference_index ${x} WHERE ${x}.seq = ${list} AND ${x}.parameter = ${parameterId('List', 'item')} AND ${x}.target = ${alias}.key)`;
    }
    case 'chain': {
      const x = binder.alias();
      const inner = matching(leaf.types, leaf.where, binder);
      return `EXISTS (SELECT FROM reference_index ${x} WHERE ${x}.seq = ${alias}.seq AND ${parameterIs(x, leaf.parameters)}
        AND ${x}.target IN (SELECT ${inner.anchor}.key FROM ${inner.from}${whereText(inner.where)}))`;
    }
    case 'has': {
      const x = binder.alias();
      const inner = matching([leaf.type], leaf.where, binder);
      return `EXISTS (SELECT FROM reference_index ${x} WHERE ${x}.target = ${alias}.key AND ${parameterIs(x, leaf.parameters)}
        AND ${x}.seq IN (SELECT ${inner.anchor}.seq FROM ${inner.from}${whereText(inner.where)}))`;
    }
    default:
      return exists(subject, [leafRows(leaf) as LeafRows], binder);
  }
}

function predicate(condition: ResolvedCondition, subject: Subject, binder: Binder): string {
  switch (condition.kind) {
    case 'not':
      return `NOT ${predicate(condition.of, subject, binder)}`;
    case 'all':
      return condition.of.length === 0
        ? 'true'
        : `(${condition.of.map((each) => predicate(each, subject, binder)).join(' AND ')})`;
    case 'any': {
      if (condition.of.length === 0) {
        return 'false';
      }
      const merged = mergeLeaves(condition.of);
      const [only] = merged;
      if (merged.length === 1 && only !== undefined) {
        return predicate(only, subject, binder);
      }
      const rows = merged.map((each) => (isLeaf(each) ? leafRows(each) : undefined));
      const [first] = rows;
      // Several values of one parameter: one look at the index.
      if (first !== undefined && rows.every((each) => each !== undefined && sameRows(first, each))) {
        return exists(subject, rows as readonly LeafRows[], binder);
      }
      return `(${merged.map((each) => predicate(each, subject, binder)).join(' OR ')})`;
    }
    default:
      return leafPredicate(condition, subject, binder);
  }
}

function isLeaf(condition: ResolvedCondition): condition is ResolvedLeaf {
  return condition.kind !== 'all' && condition.kind !== 'any' && condition.kind !== 'not';
}

function flatten(condition: ResolvedCondition): readonly ResolvedCondition[] {
  return condition.kind === 'all' ? condition.of.flatMap(flatten) : [condition];
}

/** Dates of an element that does not repeat speak of one row: both ends of a range in one index scan. */
function dateRanges(conditions: readonly ResolvedCondition[]): readonly (readonly ResolvedCondition[])[] {
  const groups = new Map<string, ResolvedCondition[]>();
  conditions.forEach((condition, index) => {
    const name =
      condition.kind === 'date' && condition.single ? `date ${condition.parameters.join()}` : `${index}`;
    groups.set(name, [...(groups.get(name) ?? []), condition]);
  });
  return [...groups.values()];
}

function groupPredicate(group: readonly ResolvedCondition[], subject: Subject, binder: Binder): string {
  const [first] = group as readonly [ResolvedCondition];
  if (group.length === 1) {
    return predicate(first, subject, binder);
  }
  const dates = group as readonly DateLeaf[];
  const joined: LeafRows = {
    ...(leafRows(first as DateLeaf) as LeafRows),
    condition: (x, inner) => dateCondition(x, dates, inner),
  };
  return exists(subject, [joined], binder);
}

/** Alternatives that are one look at an index, as that. */
function alternativesMerged(condition: ResolvedCondition): ResolvedCondition {
  if (condition.kind !== 'any') {
    return condition;
  }
  const [only, ...more] = mergeLeaves(condition.of);
  return only !== undefined && more.length === 0 ? only : condition;
}

export function whereText(where: readonly string[]): string {
  return where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
}

/**
 * The current resources of the types that meet the condition.
 *
 * Leaves that at most one index row of a resource meets are joined, all by `seq`, so that the planner may start at
 * whichever is rarest or walk any of them newest-first; all others are asked for existence. The resource table comes
 * in only when nothing else anchors the search or a leaf is about the row itself: index rows exist for current
 * resources only.
 *
 * Where one leaf names citizens, stays, courses or identifiers, the search starts there: their resources, newest first, are
 * looked up in the other tables one by one until the page is full.
 */
export function matching(
  types: readonly string[],
  condition: ResolvedCondition,
  binder: Binder,
  withResource = false,
): Matching {
  const conditions = flatten(condition).map(alternativesMerged);
  const joinable = conditions.map((each) => (isLeaf(each) ? leafRows(each) : undefined));
  const narrow = joinable.filter((rows) => rows?.narrow === true);
  const start = narrow.find((rows) => rows?.unique) ?? narrow[0];
  const isJoined = (rows: LeafRows | undefined): rows is LeafRows =>
    rows !== undefined && (rows.unique || rows === start);
  const joins = joinable.filter(isJoined);
  const rest = conditions.filter((_, index) => !isJoined(joinable[index]));
  const where: string[] = [];
  const tables: string[] = [];
  let anchor: string | undefined;
  for (const rows of start === undefined ? joins : [start, ...joins.filter((each) => each !== start)]) {
    const x = binder.alias();
    const conditions = [parameterIs(x, rows.parameters), rows.condition(x, binder)];
    if (anchor === undefined && !rows.unique) {
      // Several rows of a resource may meet it.
      anchor = binder.alias();
      const found = `SELECT DISTINCT ${x}.seq, ${x}.key FROM ${rows.table} ${x}${whereText(conditions)}`;
      tables.push(`(${found}) ${anchor}`);
    } else if (anchor === undefined) {
      anchor = x;
      tables.push(`${rows.table} ${x}`);
      where.push(...conditions);
    } else if (start === undefined) {
      tables.push(`JOIN ${rows.table} ${x} ON ${x}.seq = ${anchor}.seq`);
      where.push(...conditions);
    } else {
      // The limit keeps the planner from turning it round: it would read thousands of rows to merge with a few.
      const asked = [`${x}.seq = ${anchor}.seq`, ...conditions].join(' AND ');
      tables.push(`CROSS JOIN LATERAL (SELECT FROM ${rows.table} ${x} WHERE ${asked} LIMIT 1) ${x}`);
    }
  }
  let resource: string | undefined;
  const joinResource = (): string => {
    if (resource === undefined) {
      resource = binder.alias();
      tables.push(
        anchor === undefined
          ? `resource ${resource}`
          : `JOIN resource ${resource} ON ${resource}.key = ${anchor}.key`,
      );
    }
    return resource;
  };
  if (anchor === undefined) {
    anchor = joinResource();
    const [only] = types;
    where.push(
      types.length === 1
        ? `${anchor}.type = ${binder.bind(only)}`
        : `${anchor}.type = ANY (${binder.bindArray(types, 'text')})`,
      `NOT ${anchor}.deleted`,
    );
  } else if (withResource) {
    joinResource();
  }
  const subject: Subject = { alias: anchor, types, resource: joinResource };
  where.push(...dateRanges(rest).map((group) => groupPredicate(group, subject, binder)));
  const steady = rest.length === 0 && (start !== undefined || joins.length < 2);
  return { from: tables.join(' '), where, anchor, steady, ...(resource === undefined ? {} : { resource }) };
}
