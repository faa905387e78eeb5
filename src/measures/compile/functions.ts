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
import { dueTime } from '../../coordination/due.ts';
import { isIssue, readDuration, shift } from '../../coordination/duration.ts';
import { factFunctions } from '../../coordination/fact-functions.ts';
import { holidaysOf } from '../../coordination/holidays.ts';
import { instantText, momentOf } from '../../coordination/moment.ts';
import { regionOfMunicipality } from '../../coordination/regions.ts';
import { chainOf } from '../references.ts';
import { dateTime } from '../report/items.ts';

const HOUR = 3_600_000;
type Items = readonly unknown[];

/**
 * The functions that Measures may use beside those of FHIRPath and those of agreements (docs/measures.md lists them). They know calendars,
 * time and references, and nothing of any parameter. Days are local days of the calendar's time zone; a date without
 * time means the whole local day, so its latest instant is taken where one instant is needed.
 */
export function measureFunctions(calendar: Calendar = createCalendar()): UserInvocationTable {
  /** Milliseconds of the first item; undefined for none or for text that fixes no day. */
  const instantOf = (items: Items): number | undefined => {
    const moment = momentOf(textOf(items[0]), calendar);
    return moment === undefined || moment.precision === 'month' || moment.precision === 'year'
      ? undefined
      : moment.latest;
  };
  const instantsOf = (items: Items): number[] =>
    items.map((item) => instantOf([item])).filter((instant) => instant !== undefined);
  const typed = (instant: number | undefined): unknown[] =>
    instant === undefined || !Number.isFinite(instant) ? [] : [dateTime(instantText(instant))];
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
        const due = dueTime(action, anchors(admission, discharge, endOfTreatment), calendar);
        return due === undefined ? [] : [dateTime(due)];
      },
      arity: { 3: ['Any', 'Any', 'Any'] },
    },
    inCategory: {
      fn: (items: Items, system: Items, code: Items) =>
        items.filter((item) => isInCategory(item, textOf(system[0]), textOf(code[0]))),
      arity: { 2: ['Any', 'Any'] },
    },
    chain: {
      fn: (items: Items, organizations: Items) =>
        chainOf(items[0] as Reference | undefined, organizations as readonly Organization[]),
      arity: { 1: ['Any'] },
    },
  };
}

function textOf(item: unknown): string | undefined {
  return item === undefined || item === null ? undefined : String(item);
}

/** Criteria ask it of every letter: a tenth of the time that `category.coding.where(…).exists()` takes. */
function isInCategory(item: unknown, system: string | undefined, code: string | undefined): boolean {
  const { category = [] } = item as { readonly category?: readonly CodeableConcept[] };
  return category.some((concept) =>
    (concept.coding ?? []).some((coding) => coding.code === code && coding.system === system),
  );
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

function anchors(admission: Items, discharge: Items, endOfTreatment: Items): Record<string, string> {
  const named = { admission, discharge, 'end-of-treatment': endOfTreatment };
  const entries = Object.entries(named).map(([name, items]) => [name, textOf(items[0])] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
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
