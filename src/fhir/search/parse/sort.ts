import type { SortKey } from '../query.ts';
import { findGroup, knownCodes } from './condition.ts';
import { idsOf, listed, type ParseContext, refuse } from './context.ts';

const MOST_KEYS = 6;

const TABLES = {
  token: 'token',
  string: 'string',
  reference: 'reference',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  uri: 'uri',
} as const;

/** `_sort=-date,status`: each key a parameter of the types searched, `_id` or `_lastUpdated`; `-` is descending. */
export function parseSort(context: ParseContext, types: readonly string[], text: string): SortKey[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0 || names.length > MOST_KEYS) {
    throw refuse(
      context,
      `_sort takes 1 to ${MOST_KEYS} parameters, joined by commas; a hyphen before one makes it descending`,
    );
  }
  return names.map((name): SortKey => {
    const descending = name.startsWith('-');
    const code = descending ? name.slice(1) : name;
    if (code === '_id' || code === '_lastUpdated') {
      return { by: code === '_id' ? 'id' : 'last-updated', descending };
    }
    const group = findGroup(context, types, code);
    if (group === undefined || group.type === 'composite') {
      const known = listed(['_id', '_lastUpdated', ...knownCodes(context, types)]);
      throw refuse(context, `Cannot sort by "${code}"; known are: ${known}`, 'not-supported');
    }
    return { by: 'parameter', code, parameters: idsOf(group), table: TABLES[group.type], descending };
  });
}
