import type {
  CompositePart,
  Condition,
  DateLeaf,
  NumberLeaf,
  ParameterIds,
  Prefix,
  QuantityLeaf,
  TokenLeaf,
} from '../query.ts';
import { impliedRange } from '../values/decimal.ts';
import { fold } from '../values/fold.ts';
import { dateInterval } from '../values/interval.ts';
import { canonicalRange, UCUM } from '../values/ucum.ts';
import { type ParseContext, refuse } from './context.ts';
import { splitUnescaped, unescapeValue } from './split.ts';

const PREFIXES: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']);

/** The two letters before the first digit or sign; `eq` when there are none. */
function splitPrefix(
  context: ParseContext,
  text: string,
): { readonly prefix: Prefix; readonly rest: string } {
  const [, prefix, rest = ''] = /^([a-zA-Z]+)(.*)$/s.exec(text) ?? [];
  if (prefix === undefined) {
    return { prefix: 'eq', rest: text };
  }
  if (!PREFIXES.has(prefix)) {
    throw refuse(context, `"${prefix}" is no prefix: use one of ${[...PREFIXES].join(', ')}, or none`);
  }
  return { prefix: prefix as Prefix, rest };
}

export function tokenLeaf(context: ParseContext, parameters: ParameterIds, text: string): TokenLeaf {
  const [first = '', second, ...more] = splitUnescaped(text, '|').map(unescapeValue);
  if (more.length > 0) {
    throw refuse(
      context,
      'A token is code, system|code, |code or system|; a | within a value is escaped as \\|',
    );
  }
  if (second === undefined) {
    return { kind: 'token', parameters, value: first };
  }
  if (first === '' && second === '') {
    throw refuse(context, 'A token needs a code or a system: code, system|code, |code or system|');
  }
  return { kind: 'token', parameters, system: first, ...(second === '' ? {} : { value: second }) };
}

export function dateLeaf(
  context: ParseContext,
  parameters: ParameterIds,
  text: string,
  single: boolean,
): DateLeaf {
  const { prefix, rest } = splitPrefix(context, text);
  // A plus sign that was not escaped in the URL arrives as a space.
  const interval = dateInterval(rest.replace(/ (\d\d:\d\d)$/, '+$1'), context.zone);
  if (interval === undefined) {
    throw refuse(
      context,
      'A date is YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.sss]][Z|±hh:mm], with a prefix or none, for example ge2026-03-12',
    );
  }
  const { low, high } = interval;
  if (prefix !== 'ap') {
    return { kind: 'date', parameters, single, prefix, low, high };
  }
  // A tenth of the distance to now (R4 search.html#prefix).
  const slack = Math.abs(context.now - low) / 10;
  return {
    kind: 'date',
    parameters,
    single,
    prefix,
    low: Math.floor(low - slack),
    high: Math.ceil(high + slack),
  };
}

function numberRange(
  context: ParseContext,
  text: string,
): Pick<NumberLeaf, 'prefix' | 'value' | 'low' | 'high'> {
  const { prefix, rest } = splitPrefix(context, text);
  const range = impliedRange(rest);
  if (range === undefined) {
    throw refuse(
      context,
      'A number is written as 100, 5.40, -3 or 1e-3, with a prefix or none, for example le5.4',
    );
  }
  if (prefix !== 'ap') {
    return { prefix, ...range };
  }
  const slack = Math.abs(range.value) / 10;
  return { prefix, value: range.value, low: range.value - slack, high: range.value + slack };
}

export function numberLeaf(context: ParseContext, parameters: ParameterIds, text: string): NumberLeaf {
  return { kind: 'number', parameters, ...numberRange(context, text) };
}

export function quantityLeaf(context: ParseContext, parameters: ParameterIds, text: string): QuantityLeaf {
  const [number = '', system, code, ...more] = splitUnescaped(text, '|').map(unescapeValue);
  const range = { kind: 'quantity', parameters, ...numberRange(context, number) } as const;
  if (system === undefined) {
    return range;
  }
  if (code === undefined || code === '' || more.length > 0) {
    throw refuse(
      context,
      'A quantity is number, number|system|code or number||code, for example gt5.4|http://unitsofmeasure.org|mg',
    );
  }
  if (system === '') {
    return { ...range, unit: { by: 'unit', text: code } };
  }
  const canonical = system === UCUM ? canonicalRange(code, range.low, range.high) : undefined;
  const value = system === UCUM ? canonicalRange(code, range.value, range.value) : undefined;
  if (canonical === undefined || value === undefined) {
    return { ...range, unit: { by: 'code', system, code } };
  }
  const { low, high, unit } = canonical;
  return { ...range, value: value.low, low, high, unit: { by: 'canonical', code: unit } };
}

/** Any part of a name or text; an empty one would match everything. */
export function stringCondition(
  context: ParseContext,
  parameters: ParameterIds,
  text: string,
  match: 'starts' | 'exact' | 'contains',
): Condition {
  const plain = unescapeValue(text);
  const wanted = match === 'exact' ? plain : fold(plain);
  if (wanted === '') {
    throw refuse(context, 'A string search needs at least one letter or digit');
  }
  return { kind: 'string', parameters, match, text: wanted };
}

/** One component of a composite: the same values, without parameters of its own. */
export function compositePart(
  context: ParseContext,
  type: string,
  text: string,
  reference: (text: string) => readonly string[],
): CompositePart {
  switch (type) {
    case 'token':
      return tokenLeaf(context, [], text);
    case 'date':
      return dateLeaf(context, [], text, false);
    case 'number':
      return numberLeaf(context, [], text);
    case 'quantity':
      return quantityLeaf(context, [], text);
    case 'reference':
      return { kind: 'reference', parameters: [], targets: reference(text) };
    default:
      return stringCondition(context, [], text, 'starts') as CompositePart;
  }
}
