import type { Encounter, Observation, Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { compareNumbers, compareSpans, plain, type Span, span } from './oracle-values.ts';
import { CODES, NAMES, type Population, SYSTEMS, WEIGHTS } from './population.ts';

/** One parameter as a client writes it, and whether a resource meets it by the letter of the specification. */
export interface Question<R, World = Population> {
  readonly name: string;
  readonly text: string;
  readonly meets: (resource: R, world: World) => boolean;
}

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
const SEARCH_DATES = [
  '2023',
  '2024',
  '2024-03',
  '2024-03-31',
  '2024-10-27',
  '2025-01-01',
  '2024-12-31T23:30:00Z',
] as const;

const escaped = (text: string) => text.replace(/[\\,$|]/g, '\\$&');

interface Token {
  readonly system?: string | undefined;
  readonly code: string;
}

/** code, system|code, |code, system| */
const tokenText = fc.record({
  form: fc.constantFrom('code', 'both', 'none', 'system'),
  system: fc.constantFrom(...SYSTEMS),
  code: fc.constantFrom(...CODES),
});
type TokenText = typeof tokenText extends fc.Arbitrary<infer T> ? T : never;

function writeToken({ form, system, code }: TokenText): string {
  const value = escaped(code);
  return { code: value, both: `${system}|${value}`, none: `|${value}`, system: `${system}|` }[form] as string;
}

function tokenMeets({ form, system, code }: TokenText, token: Token): boolean {
  switch (form) {
    case 'code':
      return token.code === code;
    case 'both':
      return token.code === code && token.system === system;
    case 'none':
      return token.code === code && token.system === undefined;
    default:
      return token.system === system;
  }
}

/** A token parameter in all its forms, `or` included. */
function tokenQuestion<R>(code: string, read: (resource: R) => readonly Token[]): fc.Arbitrary<Question<R>> {
  return fc
    .record({
      values: fc.array(tokenText, { minLength: 1, maxLength: 3 }),
      modifier: fc.constantFrom('', ':not'),
    })
    .map(({ values, modifier }) => ({
      name: code + modifier,
      text: values.map(writeToken).join(','),
      meets: (resource) => {
        const found = read(resource).some((token) => values.some((value) => tokenMeets(value, token)));
        return modifier === ':not' ? !found : found;
      },
    }));
}

function missingQuestion<R>(code: string, has: (resource: R) => boolean): fc.Arbitrary<Question<R>> {
  return fc.boolean().map((missing) => ({
    name: `${code}:missing`,
    text: String(missing),
    meets: (resource) => has(resource) !== missing,
  }));
}

function stringQuestion<R>(
  code: string,
  read: (resource: R) => readonly string[],
): fc.Arbitrary<Question<R>> {
  return fc
    .record({
      text: fc.constantFrom(...NAMES, 'a', 'MÜLL', 'hansen', 'ü'),
      modifier: fc.constantFrom('', ':exact', ':contains'),
    })
    .map(({ text, modifier }) => ({
      name: code + modifier,
      text: escaped(text),
      meets: (resource) =>
        read(resource).some((value) => {
          if (modifier === ':exact') {
            return value === text;
          }
          return modifier === '' ? plain(value).startsWith(plain(text)) : plain(value).includes(plain(text));
        }),
    }));
}

function dateQuestion<R>(code: string, read: (resource: R) => Span | undefined): fc.Arbitrary<Question<R>> {
  return fc
    .record({
      prefix: fc.constantFrom(...PREFIXES),
      dates: fc.array(fc.constantFrom(...SEARCH_DATES), { minLength: 1, maxLength: 2 }),
    })
    .map(({ prefix, dates }) => ({
      name: code,
      text: dates.map((date) => prefix + date).join(','),
      meets: (resource) => {
        const value = read(resource);
        return value !== undefined && dates.some((date) => compareSpans(prefix, value, span(date)));
      },
    }));
}

function period(value: Encounter['period']): Span | undefined {
  if (value?.start === undefined && value?.end === undefined) {
    return undefined;
  }
  return {
    low: value.start === undefined ? Number.NEGATIVE_INFINITY : span(value.start).low,
    high: value.end === undefined ? Number.POSITIVE_INFINITY : span(value.end).high,
  };
}

const identifiers = ({ identifier = [] }: Patient): Token[] =>
  identifier.map(({ system, value = '' }) => ({ system, code: value }));
const names = ({ name = [] }: Patient) =>
  name.flatMap(({ family, given = [] }) => [...(family === undefined ? [] : [family]), ...given]);

export const patientQuestion: fc.Arbitrary<Question<Patient>> = fc.oneof(
  tokenQuestion<Patient>('identifier', identifiers),
  missingQuestion<Patient>('gender', ({ gender }) => gender !== undefined),
  missingQuestion<Patient>('birthdate', ({ birthDate }) => birthDate !== undefined),
  stringQuestion<Patient>('name', names),
  stringQuestion<Patient>('family', ({ name = [] }) => name.flatMap(({ family }) => family ?? [])),
  dateQuestion<Patient>('birthdate', ({ birthDate }) =>
    birthDate === undefined ? undefined : span(birthDate),
  ),
  fc.constantFrom('male', 'female', 'male,female', 'other').map(
    (text): Question<Patient> => ({
      name: 'gender',
      text,
      meets: ({ gender }) => gender !== undefined && text.split(',').includes(gender),
    }),
  ),
  fc.constantFrom('Organization/o0', 'o1', 'Organization/o0,o1').map(
    (text): Question<Patient> => ({
      name: 'general-practitioner',
      text,
      meets: ({ generalPractitioner = [] }) =>
        generalPractitioner.some(({ reference = '' }) =>
          text.split(',').some((each) => reference.endsWith(each)),
        ),
    }),
  ),
  stringQuestion<Patient>('general-practitioner:Organization.name', () => []).map(
    ({ name, text }): Question<Patient> => ({
      name,
      text,
      meets: ({ generalPractitioner = [] }, world) =>
        world.organizations.some(
          (each) =>
            generalPractitioner.some(({ reference }) => reference === `Organization/${each.id}`) &&
            matchesString(name, text, each.name ?? ''),
        ),
    }),
  ),
  fc.constantFrom('finished', 'in-progress').map(
    (status): Question<Patient> => ({
      name: '_has:Encounter:subject:status',
      text: status,
      meets: ({ id }, world) =>
        world.encounters.some(
          (each) => each.status === status && each.subject?.reference === `Patient/${id}`,
        ),
    }),
  ),
);

function matchesString(name: string, text: string, value: string): boolean {
  if (name.endsWith(':exact')) {
    return value === text;
  }
  return name.endsWith(':contains')
    ? plain(value).includes(plain(text))
    : plain(value).startsWith(plain(text));
}

const patientOf = (reference: string | undefined, world: Population) =>
  world.patients.find(({ id }) => `Patient/${id}` === reference);

export const encounterQuestion: fc.Arbitrary<Question<Encounter>> = fc.oneof(
  dateQuestion<Encounter>('date', (resource) => period(resource.period)),
  missingQuestion<Encounter>('date', (resource) => period(resource.period) !== undefined),
  fc.nat(6).map(
    (number): Question<Encounter> => ({
      name: 'subject',
      text: `Patient/p${number}`,
      meets: ({ subject }) => subject?.reference === `Patient/p${number}`,
    }),
  ),
  fc.constantFrom('finished', 'in-progress').map(
    (status): Question<Encounter> => ({
      name: 'status:not',
      text: status,
      meets: (resource) => resource.status !== status,
    }),
  ),
  patientQuestion
    .filter(({ name }) => !name.startsWith('_has') && !name.includes('.'))
    .map(
      ({ name, text, meets }): Question<Encounter> => ({
        name: `subject:Patient.${name}`,
        text,
        meets: ({ subject }, world) => {
          const patient = patientOf(subject?.reference, world);
          return patient !== undefined && meets(patient, world);
        },
      }),
    ),
);

const quantityIn = { g: 1, kg: 1_000, mg: 0.001 } as const;

export const observationQuestion: fc.Arbitrary<Question<Observation>> = fc.oneof(
  tokenQuestion<Observation>('code', ({ code }) =>
    (code?.coding ?? []).map(({ system, code: value = '' }) => ({ system, code: value })),
  ),
  dateQuestion<Observation>('date', ({ effectiveDateTime }) =>
    effectiveDateTime === undefined ? undefined : span(effectiveDateTime),
  ),
  missingQuestion<Observation>('value-quantity', ({ valueQuantity }) => valueQuantity !== undefined),
  fc
    .record({
      prefix: fc.constantFrom(...PREFIXES),
      value: fc.constantFrom(...WEIGHTS),
      unit: fc.constantFrom('', '|http://unitsofmeasure.org|g', '|http://unitsofmeasure.org|kg', '||g'),
    })
    .map(
      ({ prefix, value, unit }): Question<Observation> => ({
        name: 'value-quantity',
        text: `${prefix}${value.toFixed(1)}${unit}`,
        meets: ({ valueQuantity }) => {
          if (valueQuantity?.value === undefined) {
            return false;
          }
          const { value: stored, code } = valueQuantity;
          if (unit === '||g' && code !== 'g') {
            return false;
          }
          if (!unit.startsWith('|http')) {
            return compareNumbers(prefix, stored, Number(value.toFixed(1)));
          }
          const wanted = unit.endsWith('|kg') ? 'kg' : 'g';
          const factor = quantityIn[code as 'g' | 'kg'] / quantityIn[wanted];
          return compareNumbers(prefix, Number((stored * factor).toPrecision(12)), Number(value.toFixed(1)));
        },
      }),
    ),
);
