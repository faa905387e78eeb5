import type { SortKey } from '../../fhir/search/query.ts';
import type { Binder } from './binder.ts';
import { parameterIs } from './leaf-rows.ts';
import { dateCondition } from './ranges.ts';

export type DateKey = Extract<SortKey, { by: 'parameter' }>;

/**
 * The part of an order by a date in which a page of a whole type lies: so its rows are found by the index of dates, and
 * not by sorting all there are. More may lie in it; where fewer do (ties before the cursor, changes, resources without
 * a date), the page is asked for without it.
 */
export interface SortWindow {
  readonly key: DateKey;
  /** Milliseconds: the value furthest from the beginning of the order. */
  readonly edge: number;
  /** The value at which the page before ended. */
  readonly from?: number;
}

/** That a resource has a date in the window. */
export function windowCondition(seq: string, { key, edge, from }: SortWindow, binder: Binder): string {
  const x = binder.alias();
  const at = (prefix: 'gt' | 'lt' | 'sa' | 'eb', time: number) => ({ prefix, low: time, high: time });
  const terms = key.descending
    ? [at('gt', edge - 1), ...(from === undefined ? [] : [at('eb', from)])]
    : [at('lt', edge + 1), ...(from === undefined ? [] : [at('sa', from)])];
  // As an array, of which the planner expects few: it then looks the resources up instead of reading them all.
  return `${seq} = ANY (ARRAY(SELECT ${x}.seq FROM date_index ${x}
    WHERE ${parameterIs(x, key.parameters)} AND ${dateCondition(x, terms, binder)}))`;
}
