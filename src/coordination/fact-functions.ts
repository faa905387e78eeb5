import type { Organization, Period, Reference } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { millisecondsOf } from '../fhir/fhirpath.ts';
import type { Calendar } from './calendar.ts';
import { momentOf } from './moment.ts';
import { isSameParty } from './same-party.ts';

/** FHIRPath values arrive as text or as the engine's own date objects, which print as FHIR writes them. */
const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

const tables = new WeakMap<Calendar, UserInvocationTable>();

/**
 * Functions that conditions over the facts of a stay may use beside FHIRPath's own (docs/agreements.md):
 * - `dateTime.localDay()`: the local day as `YYYY-MM-DD`; empty when the value is no better than a month.
 * - `period.covers(dateTime)`: whether the time, or any part of a day, lies in the period; an open end is open.
 * - `reference.sameParty(references, organizations)`: whether it means the same party as one of the references.
 */
export function factFunctions(calendar: Calendar): UserInvocationTable {
  let table = tables.get(calendar);
  if (table === undefined) {
    table = {
      localDay: {
        fn: (inputs: unknown[]) => inputs.flatMap((input) => localDay(input, calendar)),
        arity: { 0: [] },
      },
      covers: {
        fn: (inputs: unknown[], time: unknown) =>
          inputs.flatMap((period) => covers(period as Period, first(time), calendar)),
        arity: { 1: ['AnyAtRoot'] },
      },
      sameParty: {
        fn: (inputs: unknown[], references: unknown, organizations: unknown) =>
          inputs.map((input) =>
            list<Reference>(references).some((other) =>
              isSameParty(input as Reference, other, list<Organization>(organizations)),
            ),
          ),
        arity: { 2: ['AnyAtRoot', 'AnyAtRoot'] },
      },
    };
    tables.set(calendar, table);
  }
  return table;
}

function list<T>(value: unknown): readonly T[] {
  return (
    Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  ) as readonly T[];
}

function localDay(value: unknown, calendar: Calendar): string[] {
  const instant = millisecondsOf(value);
  if (instant !== undefined) return [calendar.dayOf(instant)];
  const moment = momentOf(text(value), calendar);
  if (moment === undefined || moment.precision === 'month' || moment.precision === 'year') return [];
  return [calendar.dayOf(moment.latest)];
}

function covers(period: Period, time: unknown, calendar: Calendar): boolean[] {
  const instant = millisecondsOf(time);
  const moment =
    instant === undefined ? momentOf(text(time), calendar) : { earliest: instant, latest: instant };
  if (moment === undefined) return [];
  const start = momentOf(period.start, calendar);
  const end = momentOf(period.end, calendar);
  return [
    (start === undefined || start.earliest <= moment.latest) &&
      (end === undefined || moment.earliest <= end.latest),
  ];
}
