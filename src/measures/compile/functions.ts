import type {
  CodeableConcept,
  Duration,
  Organization,
  PlanDefinitionAction,
  Reference,
} from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { weekday } from '../../coordination/day.ts';
import { deadlineOf, dueInstant } from '../../coordination/due.ts';
import { isIssue, readDuration, shift } from '../../coordination/duration.ts';
import { factFunctions } from '../../coordination/fact-functions.ts';
import { holidaysOf } from '../../coordination/holidays.ts';
import { momentOf } from '../../coordination/moment.ts';
import { regionOfMunicipality } from '../../coordination/regions.ts';
import { fhirPathValue as bareValue, dateTimeAt, millisecondsOf } from '../../fhir/fhirpath.ts';
import { chainOf } from '../references.ts';

const HOUR = 3_600_000;
type Items = readonly unknown[];

/**
 * The functions that Measures may use beside those of FHIRPath and those of agreements (docs/measures.md lists them). They know calendars,
 * time and references, and nothing of any parameter. Days are local days of the calendar's time zone; a date without
 * time means the whole local day, so its latest instant is taken where one instant is needed.
 */
export function measureFunctions(calendar: Calendar = createCalendar()): UserInvocationTable {
  /** Milliseconds of the first item; undefined for none or for text that fixes no day. */
  const instantOfItem = (item: unknown): number | undefined => {
    const known = millisecondsOf(item);
    if (known !== undefined) return known;
    const moment = momentOf(textOf(item), calendar);
    return moment === undefined || moment.precision === 'month' || moment.precision === 'year'
      ? undefined
      : moment.latest;
  };
  const instantOf = (items: Items): number | undefined => instantOfItem(items[0]);
  const instantsOf = (items: Items): number[] =>
    items.map(instantOfItem).filter((instant) => instant !== undefined);
  const typed = (instant: number | undefined): unknown[] =>
    instant === undefined || !Number.isFinite(instant) ? [] : [dateTimeAt(instant)];
  const dayOf = (items: Items): string | undefined => {
    const text = textOf(items[0]);
    if (text !== undefined && text.length === 10) return momentOf(text, calendar) && text;
    const instant = instantOf(items);
    return instant === undefined ? undefined : calendar.dayOf(instant);
  };
  const shifted = (items: Items, duration: Items, sign: 1 | -1): unknown[] => {
    const instant = instantOf(items);
    if (instant === undefined || duration.length === 0) return typed(instant);
    return typed(shift(instant, spanOf(duration), calendar, sign));
  };

  return {
    ...factFunctions(calendar),
    instant: { fn: (items: Items) => instantsOf(items).flatMap(typed), arity: { 0: [] } },
    earliest: { fn: (items: Items) => bound(instantsOf(items), Math.min).flatMap(typed), arity: { 0: [] } },
    latest: { fn: (items: Items) => bound(instantsOf(items), Math.max).flatMap(typed), arity: { 0: [] } },
    plus: { fn: (items: Items, span: Items) => shifted(items, span, 1), arity: { 1: ['Any'] } },
    minus: { fn: (items: Items, span: Items) => shifted(items, span, -1), arity: { 1: ['Any'] } },
    inHours: {
      fn: (items: Items) => {
        if (items.length === 0) return [];
        const span = spanOf(items);
        return [span.unit === 'h' ? span.value : span.value * 24];
      },
      arity: { 0: [] },
    },
    hoursUntil: {
      fn: (items: Items, end: Items) => {
        const [from, to] = [instantOf(items), instantOf(end)];
        return from === undefined || to === undefined ? [] : [(to - from) / HOUR];
      },
      arity: { 1: ['Any'] },
    },
    dayKind: { fn: (items: Items) => present(dayKind(dayOf(items))), arity: { 0: [] } },
    ageOn: {
      fn: (items: Items, on: Items) => present(yearsBetween(dayOf(items), dayOf(on))),
      arity: { 1: ['Any'] },
    },
    regionOn: {
      fn: (items: Items, on: Items) => {
        const [code, day] = [textOf(items[0]), dayOf(on)];
        return code === undefined || day === undefined ? [] : present(regionOfMunicipality(code, day)?.code);
      },
      arity: { 1: ['Any'] },
    },
    due: {
      fn: (actions: Items, admission: Items, discharge: Items, endOfTreatment: Items) => {
        const action = actions[0] as PlanDefinitionAction | undefined;
        if (action === undefined) return [];
        const deadline = deadlineOf(action);
        const [anchor] = { admission, discharge, 'end-of-treatment': endOfTreatment }[deadline.anchor];
        const instant = instantOfItem(anchor);
        if (instant === undefined) return [];
        const moment = { earliest: instant, latest: instant, precision: 'time' } as const;
        return typed(dueInstant(deadline, moment, calendar));
      },
      arity: { 3: ['Any', 'Any', 'Any'] },
    },
    inCategory: {
      fn: (items: Items, system: Items, code: Items) => {
        const [wantedSystem, wantedCode] = [textOf(bareValue(system[0])), textOf(bareValue(code[0]))];
        return items.filter((item) => isIn(bareValue(item), wantedSystem, wantedCode));
      },
      arity: { 2: ['Any', 'Any'] },
      internalStructures: true,
    },
    chain: {
      fn: (items: Items, organizations: Items) =>
        chainAmong(bareValue(items[0]) as Reference | undefined, organizations),
      arity: { 1: ['Any'] },
      internalStructures: true,
    },
  };
}

function textOf(item: unknown): string | undefined {
  return item === undefined || item === null ? undefined : String(item);
}

/**
 * Remembers the answers for the last few collections: stays are evaluated one after the other. A WeakMap would keep
 * what belongs to a stay long enough for it to be taken for something that lasts.
 */
function rememberingLast<T>(make: (items: Items) => T): (items: Items) => T {
  const last: { readonly items: Items; readonly made: T }[] = [];
  return (items) => {
    for (const known of last) if (known.items === items) return known.made;
    const made = make(items);
    if (last.unshift({ items, made }) > FEW) last.pop();
    return made;
  };
}

const FEW = 4;

function isIn(resource: unknown, system: string | undefined, code: string | undefined): boolean {
  const { category } = resource as { readonly category?: readonly CodeableConcept[] };
  if (category === undefined) return false;
  for (const { coding } of category) {
    if (coding === undefined) continue;
    // Codes differ sooner than systems do.
    for (const one of coding) if (one.code === code && one.system === system) return true;
  }
  return false;
}

/** One stratifier asks for the hospital, another for the department. */
const chainsAmong = rememberingLast(() => new Map<Reference, readonly Organization[]>());

function chainAmong(reference: Reference | undefined, organizations: Items): readonly Organization[] {
  if (reference === undefined) return [];
  const known = chainsAmong(organizations);
  let chain = known.get(reference);
  if (chain === undefined) {
    chain = chainOf(reference, organizations.map(bareValue) as readonly Organization[]);
    known.set(reference, chain);
  }
  return chain;
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function bound(instants: readonly number[], choose: (...values: number[]) => number): number[] {
  return instants.length === 0 ? [] : [instants.reduce((one, other) => choose(one, other))];
}

function spanOf(items: Items): { readonly value: number; readonly unit: 'h' | 'd' } {
  const span = readDuration(items[0] as Duration, 'Duration');
  if (isIssue(span)) throw new Error(span.diagnostics);
  return span;
}

function dayKind(day: string | undefined): string | undefined {
  if (day === undefined) return undefined;
  if (holidaysOf(Number(day.slice(0, 4))).has(day)) return 'holiday';
  return weekday(day) > 5 ? 'weekend' : 'weekday';
}

function yearsBetween(born: string | undefined, day: string | undefined): number | undefined {
  if (born === undefined || day === undefined || day < born) return undefined;
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}
