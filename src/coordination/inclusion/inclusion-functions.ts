import type { Encounter, Observation, Period } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { fhirPathValue as plain } from '../../fhir/fhirpath.ts';
import type { Calendar } from '../calendar.ts';
import { numberOfDay } from '../day.ts';
import { factFunctions } from '../fact-functions.ts';
import { type Moment, momentOf } from '../moment.ts';

type Item = Encounter | Observation;
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const textOf = (value: unknown): string | undefined => {
  const [first] = list(value).map(plain);
  return first === undefined || first === null ? undefined : String(first);
};

const tables = new WeakMap<Calendar, UserInvocationTable>();

/**
 * What criteria of inclusion may use beside the functions of agreements (docs/inclusion.md). Days are local calendar
 * days. What is no more precise than a month gives nothing, so that the answer becomes unknown, not wrong.
 * - `date.daysUntil(other)`: whole days from the one to the other, negative when the other is earlier.
 * - `birthDate.ageAt(dateTime)`: full years.
 * - `items.within(asOf, days)`: observations and stays of the last so many days, none from the future.
 * - `items.latest()`: the one with the latest time.
 * - `stays.startingWithin(days, others)`: those that began at most so many days after the end of one of the others.
 * - `statements.currentAt(asOf)`: those whose `effective` holds then; without an end it is open.
 */
export function inclusionFunctions(calendar: Calendar): UserInvocationTable {
  const known = tables.get(calendar);
  if (known !== undefined) return known;
  const moment = (value: unknown): Moment | undefined => momentOf(textOf(value), calendar);
  const day = (value: unknown): number | undefined => dayNumber(moment(value), calendar);
  const table: UserInvocationTable = {
    ...factFunctions(calendar),
    daysUntil: {
      fn: (inputs: unknown[], other: unknown) =>
        inputs.flatMap((input) => {
          const [from, to] = [day(input), day(other)];
          return from === undefined || to === undefined ? [] : [to - from];
        }),
      arity: { 1: ['AnyAtRoot'] },
    },
    ageAt: {
      fn: (inputs: unknown[], other: unknown) =>
        inputs.flatMap((input) => ageAt(moment(input), moment(other), calendar)),
      arity: { 1: ['AnyAtRoot'] },
    },
    within: {
      fn: (inputs: unknown[], asOf: unknown, days: number) =>
        inputs.filter((input) => {
          const [from, to] = [dayNumber(timeOf(plain(input) as Item, calendar), calendar), day(asOf)];
          return from !== undefined && to !== undefined && from <= to && to - from <= days;
        }),
      arity: { 2: ['AnyAtRoot', 'Integer'] },
      internalStructures: true,
    },
    latest: {
      fn: (inputs: unknown[]) => {
        const timed = inputs.map((input) => ({
          input,
          time: timeOf(plain(input) as Item, calendar)?.latest ?? 0,
        }));
        timed.sort((a, b) => b.time - a.time);
        return timed.slice(0, 1).map(({ input }) => input);
      },
      arity: { 0: [] },
      internalStructures: true,
    },
    startingWithin: {
      fn: (inputs: unknown[], days: number, others: unknown) =>
        inputs.filter((input) => {
          const stay = plain(input) as Encounter;
          return list(others).some((other) => startsAfter(stay, plain(other) as Encounter, days, calendar));
        }),
      arity: { 2: ['Integer', 'AnyAtRoot'] },
      internalStructures: true,
    },
    currentAt: {
      fn: (inputs: unknown[], asOf: unknown) =>
        inputs.filter((input) => {
          const { effectivePeriod, effectiveDateTime } = plain(input) as {
            effectivePeriod?: Period;
            effectiveDateTime?: string;
          };
          return isCurrent(
            effectivePeriod ?? { ...(effectiveDateTime && { start: effectiveDateTime }) },
            moment(asOf),
            calendar,
          );
        }),
      arity: { 1: ['AnyAtRoot'] },
      internalStructures: true,
    },
  };
  tables.set(calendar, table);
  return table;
}

function dayNumber(moment: Moment | undefined, calendar: Calendar): number | undefined {
  if (moment === undefined || moment.precision === 'month' || moment.precision === 'year') return undefined;
  return numberOfDay(calendar.dayOf(moment.latest));
}

/** When an observation was made; a stay counts by its end, while it lasts by its beginning. */
function timeOf(item: Item, calendar: Calendar): Moment | undefined {
  if (item.resourceType === 'Encounter') return momentOf(item.period?.end ?? item.period?.start, calendar);
  const { effectiveDateTime, effectiveInstant, effectivePeriod, issued } = item;
  return momentOf(
    effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.end ?? effectivePeriod?.start ?? issued,
    calendar,
  );
}

/** The same stay is no readmission to itself; one that overlaps the other did not follow it. */
function startsAfter(stay: Encounter, other: Encounter, days: number, calendar: Calendar): boolean {
  const start = momentOf(stay.period?.start, calendar);
  const end = momentOf(other.period?.end, calendar);
  const [from, to] = [dayNumber(end, calendar), dayNumber(start, calendar)];
  if (stay.id === other.id || start === undefined || end === undefined) return false;
  return from !== undefined && to !== undefined && end.earliest <= start.latest && to - from <= days;
}

function isCurrent(period: Period, asOf: Moment | undefined, calendar: Calendar): boolean {
  if (asOf === undefined) return false;
  const start = momentOf(period.start, calendar);
  const end = momentOf(period.end, calendar);
  return (
    (start === undefined || start.earliest <= asOf.latest) &&
    (end === undefined || asOf.earliest <= end.latest)
  );
}

function ageAt(birth: Moment | undefined, at: Moment | undefined, calendar: Calendar): number[] {
  if (dayNumber(birth, calendar) === undefined || dayNumber(at, calendar) === undefined) return [];
  const [born, day] = [calendar.dayOf((birth as Moment).latest), calendar.dayOf((at as Moment).latest)];
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return [day.slice(5) < born.slice(5) ? years - 1 : years];
}
