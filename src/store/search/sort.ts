import type { SortKey } from '../../fhir/search/query.ts';
import type { Binder } from './binder.ts';
import { parameterIs } from './leaf-rows.ts';

/** One sort key as SQL: what to join and the value to order by. */
export interface SortColumn {
  readonly join: string;
  readonly value: string;
  readonly descending: boolean;
  /** A column that always has a value: so its index gives the order. */
  readonly always?: true;
  /** Type to cast a cursor's value to. */
  readonly type: string;
}

const COLUMNS = {
  token: { column: 'value', type: 'text' },
  string: { column: 'folded', type: 'text' },
  uri: { column: 'uri', type: 'text' },
  quantity: { column: 'low', type: 'float8' },
  date: { column: 'low', type: 'bigint' },
} as const;

/** Ascending by the lowest of several values, descending by the highest; a resource without any comes last. */
export function sortColumn(key: SortKey, anchor: string, resource: string, binder: Binder): SortColumn {
  const { descending } = key;
  if (key.by !== 'parameter') {
    return key.by === 'id'
      ? { join: '', value: `${resource}.id`, descending, type: 'text', always: true }
      : { join: '', value: `${resource}.last_updated`, descending, type: 'timestamptz', always: true };
  }
  const x = binder.alias();
  const k = binder.alias();
  const pick = descending ? 'max' : 'min';
  const rows = `${x}.seq = ${anchor}.seq AND ${parameterIs(x, key.parameters)}`;
  if (key.table === 'reference') {
    const t = binder.alias();
    const value = `${pick}(${t}.type || '/' || ${t}.id)`;
    const from = `reference_index ${x} JOIN resource ${t} ON ${t}.key = ${x}.target`;
    return {
      join: ` CROSS JOIN LATERAL (SELECT ${value} COLLATE "C" AS value FROM ${from} WHERE ${rows}) ${k}`,
      value: `${k}.value`,
      descending,
      type: 'text',
    };
  }
  const { column, type } = COLUMNS[key.table];
  const name = key.table === 'date' && descending ? 'high' : column;
  return {
    join: ` CROSS JOIN LATERAL (SELECT ${pick}(${x}.${name}) AS value FROM ${key.table}_index ${x} WHERE ${rows}) ${k}`,
    value: `${k}.value`,
    descending,
    type,
  };
}

export type SortValue = string | number | null;

export function orderText(columns: readonly SortColumn[], seq: string): string {
  const keys = columns.map(
    ({ value, descending, always }) =>
      `${value} ${descending ? 'DESC' : 'ASC'}${always ? '' : ' NULLS LAST'}`,
  );
  return [...keys, `${seq} DESC`].join(', ');
}

/** Behind the given row in the order: keyset condition over all keys and the sequence number that breaks ties. */
export function afterText(
  columns: readonly SortColumn[],
  seq: string,
  values: readonly SortValue[],
  last: number,
  binder: Binder,
): string {
  const bound = columns.map(({ type }, index) => {
    const value = values[index] ?? null;
    return value === null ? null : `${binder.bind(value)}::${type}`;
  });
  const equal = (index: number): string => {
    const { value } = columns[index] as SortColumn;
    const given = bound[index] as string | null;
    return given === null ? `${value} IS NULL` : `${value} = ${given}`;
  };
  const alternatives = columns.flatMap(({ value, descending, always }, index) => {
    const given = bound[index];
    if (given === null || given === undefined) {
      return [];
    }
    const beyond = `${value} ${descending ? '<' : '>'} ${given}`;
    const behind = always ? beyond : `(${beyond} OR ${value} IS NULL)`;
    const before = columns.slice(0, index).map((_, earlier) => equal(earlier));
    return [`(${[...before, behind].join(' AND ')})`];
  });
  const tie = [...columns.map((_, index) => equal(index)), `${seq} < ${binder.bind(last)}::bigint`].join(
    ' AND ',
  );
  return `(${[...alternatives, `(${tie})`].join(' OR ')})`;
}
