import type { Include, SearchQuery, SortKey, Summary } from '../query.ts';
import { type ParseContext, refuse } from './context.ts';
import { parseInclude } from './include.ts';
import { parseSort } from './sort.ts';

/** What the parameters about the result say, filled in as they are read. */
export interface Control {
  sort: readonly SortKey[];
  includes: readonly Include[];
  count: number;
  readonly maxCount: number;
  total?: SearchQuery['total'];
  summary?: Summary;
  elements?: readonly string[];
  cursor?: string;
  explain?: boolean;
}

const MOST_INCLUDES = 20;

function oneOf<T extends string>(context: ParseContext, text: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) {
    throw refuse(context, `"${context.name}" is one of ${allowed.join(', ')}`);
  }
  return found;
}

function count(context: ParseContext, text: string, most: number): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw refuse(context, `_count is a whole number; pages have at most ${most} matches`);
  }
  return Math.min(Number(text), most);
}

/**
 * Reads a parameter about the result (`_sort`, `_count`, `_include` …) into the control.
 * @returns false when the name is none of these
 */
export function controlParameter(
  context: ParseContext,
  types: readonly string[],
  control: Control,
  name: string,
  text: string,
): boolean {
  const [code = '', modifier] = name.split(':');
  switch (code) {
    case '_include':
    case '_revinclude':
      control.includes = [...control.includes, parseInclude(context, modifier, code === '_revinclude', text)];
      if (control.includes.length > MOST_INCLUDES) {
        throw refuse(
          context,
          `A search has at most ${MOST_INCLUDES} includes; Type:* includes every reference of a type`,
        );
      }
      return true;
    case '_sort':
      control.sort = parseSort(context, types, text);
      return true;
    case '_count':
      control.count = count(context, text, control.maxCount);
      return true;
    case '_total':
      control.total = oneOf(context, text, ['none', 'estimate', 'accurate']);
      return true;
    case '_summary':
      control.summary = oneOf(context, text, ['true', 'text', 'data', 'count', 'false']);
      return true;
    case '_elements':
      control.elements = text
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '');
      if (control.elements.length === 0) {
        throw refuse(context, '_elements names at least one element');
      }
      return true;
    case '_cursor':
      control.cursor = text;
      return true;
    case '__explain':
      control.explain = oneOf(context, text, ['true', 'false']) === 'true';
      return true;
    default:
      return false;
  }
}
