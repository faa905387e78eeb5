import type { Shot } from './fire.ts';
import { CITIZENS, codeOf, IDENTIFIERS, timeOf } from './observations.ts';
import type { RawRows } from './raw-rows.ts';

/** A search for what belongs to the Observation of a number, and the same by hand. */
export interface Search {
  readonly name: string;
  path(number: number): string;
  raw(rows: RawRows, number: number): Promise<unknown>;
}

const MINUTE = 60_000;
/** As many Observations as there are minutes: more than a page. */
const HOUR = 60 * MINUTE;

/**
 * Every kind of search, pages of 20.
 * @param patients citizens of the store, or of the store that it is made of copies of
 * @param citizenOf whose an Observation is
 */
export function searchesFor(
  patients: number,
  citizenOf = (number: number): number => number % patients,
): readonly Search[] {
  const citizen = (number: number) => `Patient/p${citizenOf(number)}`;
  return [
    {
      name: 'search by token',
      path: (number) => `/Observation?identifier=${IDENTIFIERS}|o${number}`,
      raw: (rows, number) => rows.byIdentifier(`o${number}`),
    },
    {
      name: 'search by reference',
      path: (number) => `/Observation?subject=${citizen(number)}&_count=20`,
      raw: (rows, number) => rows.bySubject(citizen(number)),
    },
    {
      name: 'search by two, page of 20',
      path: (number) => `/Observation?subject=${citizen(number)}&code=${codeOf(number, patients)}&_count=20`,
      raw: (rows, number) => rows.byTwo(citizen(number), codeOf(number, patients)),
    },
    {
      name: 'search by an hour',
      path: (number) => {
        const [from, to] = [timeOf(number), timeOf(number) + HOUR].map((time) =>
          new Date(time).toISOString(),
        );
        return `/Observation?date=ge${from}&date=lt${to}&_count=20`;
      },
      raw: (rows, number) => rows.byDate(timeOf(number), timeOf(number) + HOUR),
    },
    {
      name: 'search by family name',
      path: (number) => `/Patient?family=Testesen%20${citizenOf(number)}&_count=20`,
      raw: (rows, number) => rows.byFamily(`testesen ${citizenOf(number)}`),
    },
    {
      name: 'chained search',
      path: (number) => `/Observation?subject:Patient.identifier=${CITIZENS}|p${citizenOf(number)}&_count=20`,
      raw: (rows, number) => rows.byCitizen(`p${citizenOf(number)}`),
    },
    {
      name: 'search, _include, page of 20',
      path: (number) => `/Observation?subject=${citizen(number)}&_include=Observation:subject&_count=20`,
      raw: (rows, number) => rows.withSubject(citizen(number)),
    },
    {
      name: 'count',
      path: (number) => `/Observation?subject=${citizen(number)}&_summary=count`,
      raw: (rows, number) => rows.countOf(citizen(number)),
    },
    {
      name: 'history of one',
      path: (number) => `/Observation/o${number}/_history?_count=20`,
      raw: (rows, number) => rows.versions(`o${number}`),
    },
  ];
}

export function shotOf(search: Search, number: number): Shot {
  return { method: 'GET', path: search.path(number) };
}
