import aggregate from 'fhirpath/src/aggregate.js';
import combining from 'fhirpath/src/combining.js';
import datetime from 'fhirpath/src/datetime.js';
import equality from 'fhirpath/src/equality.js';
import existence from 'fhirpath/src/existence.js';
import filtering from 'fhirpath/src/filtering.js';
import math from 'fhirpath/src/math.js';
import misc from 'fhirpath/src/misc.js';
import strings from 'fhirpath/src/strings.js';
import { type Code, collected } from './code.ts';
import { CONTEXT, EMPTY, type Items } from './item.ts';
import type { Parameters } from './macros.ts';

type Kind = 'Any' | 'String' | 'Integer' | 'Number';
type EngineFunction = (this: unknown, ...parameters: unknown[]) => unknown;

/** A function of the engine that takes the collection and evaluated parameters, at least `least` of `kinds`. */
interface Entry {
  readonly run: EngineFunction | undefined;
  readonly least: number;
  readonly kinds: readonly Kind[];
  /** An empty parameter makes the result empty. */
  readonly nullable: boolean;
}

function taking(run: EngineFunction | undefined, kinds: readonly Kind[] = [], least = kinds.length): Entry {
  return { run, kinds, least, nullable: false };
}

const onText = (
  names: readonly string[],
  kinds: readonly Kind[] = [],
  least = kinds.length,
): [string, Entry][] => names.map((name) => [name, taking(strings[name], kinds, least)]);
const onNumber = (names: readonly string[]): [string, Entry][] =>
  names.map((name) => [name, taking(math[name])]);
const onTime = (names: readonly string[]): [string, Entry][] =>
  names.map((name) => [name, taking(datetime[name])]);
const conversion = (name: string, kinds: readonly Kind[] = []): [string, Entry][] => {
  const convert = misc[`to${name}`] as EngineFunction;
  return [
    [`to${name}`, taking(convert, kinds, 0)],
    [`convertsTo${name}`, taking(misc.createConvertsToFn(convert, undefined))],
  ];
};

const ENTRIES: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ...['allTrue', 'anyTrue', 'allFalse', 'anyFalse', 'isDistinct'].map((name): [string, Entry] => [
    name,
    taking(existence[`${name}Fn`]),
  ]),
  ['subsetOf', taking(existence.subsetOfFn, ['Any'])],
  ['supersetOf', taking(existence.supersetOfFn, ['Any'])],
  ['distinct', taking(filtering.distinctFn)],
  ['intersect', taking(combining.intersect, ['Any'])],
  ['exclude', taking(combining.exclude, ['Any'])],
  ['take', taking(filtering.takeFn, ['Integer'])],
  ['skip', taking(filtering.skipFn, ['Integer'])],
  // They leave marks on their context.
  ['sum', taking((items) => aggregate.sumFn?.call({ ...CONTEXT }, items))],
  ['avg', taking((items) => aggregate.avgFn?.call({ ...CONTEXT }, items))],
  ['min', taking(aggregate.minFn)],
  ['max', taking(aggregate.maxFn)],
  ['hasValue', taking(misc.hasValueFn)],
  ['getValue', taking(misc.getValueFn)],
  ['comparable', taking(equality.comparable, ['Any'])],
  ...conversion('Boolean'),
  ...conversion('Integer'),
  ...conversion('Long'),
  ...conversion('Decimal'),
  ...conversion('String'),
  ...conversion('Date'),
  ...conversion('DateTime'),
  ...conversion('Time'),
  ...conversion('Quantity', ['String']),
  ...onText(['upper', 'lower', 'length', 'toChars']),
  ...onText(['indexOf', 'lastIndexOf', 'startsWith', 'endsWith'], ['String']),
  ['contains', taking(strings.containsFn, ['String'])],
  ['trim', taking(strings.trimFn)],
  ['split', taking(strings.splitFn, ['String'])],
  ['join', taking(strings.joinFn, ['String'], 0)],
  ['encode', taking(strings.encodeFn, ['String'])],
  ['decode', taking(strings.decodeFn, ['String'])],
  ['escape', taking(strings.escapeFn, ['String'])],
  ['unescape', taking(strings.unescapeFn, ['String'])],
  ...onText(['substring'], ['Integer', 'Integer'], 1),
  ...onText(['replace', 'replaceMatches'], ['String', 'String']),
  ...onText(['matches', 'matchesFull'], ['String', 'String'], 1),
  ...onNumber(['abs', 'ceiling', 'exp', 'floor', 'ln', 'sqrt', 'truncate']),
  ['log', { ...taking(math.log, ['Number']), nullable: true }],
  ['power', { ...taking(math.power, ['Number']), nullable: true }],
  ['round', taking(math.round, ['Integer'], 0)],
  ['lowBoundary', taking(math.lowBoundary, ['Integer'], 0)],
  ['highBoundary', taking(math.highBoundary, ['Integer'], 0)],
  ...onTime(['yearOf', 'monthOf', 'dayOf', 'hourOf', 'minuteOf', 'secondOf', 'millisecondOf']),
  ...onTime(['timezoneOffsetOf', 'dateOf', 'timeOf']),
]);

/** A function that the engine's own implementation answers. */
export function libraryCode(name: string, source: Code, parameters: Parameters): Code | undefined {
  const entry = ENTRIES.get(name);
  if (entry?.run === undefined) return undefined;
  if (parameters.count < entry.least || parameters.count > entry.kinds.length) return undefined;
  const { run, kinds, nullable } = entry;
  const codes = kinds.slice(0, parameters.count).map((kind, at) => ({ kind, code: parameters.code(at) }));
  if (codes.length === 0) {
    return { items: (self, env) => collected(run.call(CONTEXT, source.items(self, env))) };
  }
  return {
    items: (self, env) => {
      const items = source.items(self, env);
      const values = codes.map(({ kind, code }) => parameterOf(kind, code.items(self, env)));
      if (
        nullable &&
        (items.length === 0 || values.some((value) => Array.isArray(value) && value.length === 0))
      )
        return EMPTY;
      return collected(run.call(CONTEXT, items, ...values));
    },
  };
}

/** A parameter as a function gets it: the collection, or its one value; an empty collection stays one. */
export function parameterOf(kind: string, items: Items): unknown {
  return kind === 'Any' || kind === 'AnyAtRoot' ? items : misc.singleton(items, kind);
}
