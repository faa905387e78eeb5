import type { CodeableConcept, Observation, Patient, RiskAssessment, ValueSet } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { compareNumbers, compareSpans, isAbove, plain, span } from './oracle-values.ts';
import type { Question } from './questions.ts';
import { AMOUNTS, DATES, OTHER, PARENTS, SET, TEXTS, TREE, TREE_CODES, URLS } from './rare-world.ts';

type Ask<R> = Question<R, unknown>;
const ask = <R>(name: string, text: string, meets: (resource: R) => boolean): Ask<R> => ({
  name,
  text,
  meets,
});

const NUMBER_PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
const codings = (concept: CodeableConcept | undefined) => concept?.coding ?? [];
const startsWith = (value: string | undefined, text: string) =>
  value !== undefined && plain(value).startsWith(plain(text));

/** The code itself and those above it. */
function lineage(code: string): string[] {
  const parent = PARENTS[code as keyof typeof PARENTS];
  return parent === undefined ? [code] : [code, ...lineage(parent)];
}

const inSet = (system: string | undefined, code = ''): boolean =>
  (system === TREE && lineage(code).includes('b')) || (system === OTHER && code === 'y');

const texts = fc.constantFrom(...TEXTS, 'BLOOD', 'ånd', 'x');

const codes: readonly fc.Arbitrary<Ask<Observation>>[] = [
  texts.map((text) =>
    ask('code:text', text, ({ code }) =>
      [code.text, ...codings(code).map(({ display }) => display)].some((each) => startsWith(each, text)),
    ),
  ),
  fc
    .constantFrom(...TREE_CODES)
    .map((wanted) =>
      ask('code:below', `${TREE}|${wanted}`, ({ code }) =>
        codings(code).some(({ system, code: its = '' }) => system === TREE && lineage(its).includes(wanted)),
      ),
    ),
  fc
    .constantFrom(...TREE_CODES)
    .map((wanted) =>
      ask('code:above', `${TREE}|${wanted}`, ({ code }) =>
        codings(code).some(({ system, code: its = '' }) => system === TREE && lineage(wanted).includes(its)),
      ),
    ),
  fc.constantFrom('code:in', 'code:not-in').map((name) =>
    ask(name, SET, ({ code }) => {
      const found = codings(code).some((each) => inSet(each.system, each.code));
      return name === 'code:in' ? found : !found;
    }),
  ),
];

const ofReference = (text: string, meets: (reference: string) => boolean, name = 'subject') =>
  ask<Observation>(name, text, ({ subject }) => subject?.reference !== undefined && meets(subject.reference));

const subjects: readonly fc.Arbitrary<Ask<Observation>>[] = [
  fc.constantFrom(
    ofReference('p0', (reference) => reference === 'Patient/p0' || reference === 'Group/p0'),
    ofReference('Patient/p0,Patient/p1', (reference) => ['Patient/p0', 'Patient/p1'].includes(reference)),
    ofReference('p0', (reference) => reference === 'Patient/p0', 'subject:Patient'),
    ofReference('p0', (reference) => reference === 'Group/p0', 'subject:Group'),
    ofReference('http://elsewhere.org/fhir/Patient/p0', (reference) => reference.startsWith('http')),
  ),
  fc
    .record({ system: fc.constantFrom('', '|', 'urn:s|'), value: fc.constantFrom('1', '2', '3') })
    .map(({ system, value }) =>
      ask('subject:identifier', `${system}${value}`, ({ subject }) => {
        const { identifier } = subject ?? {};
        if (identifier?.value !== value) return false;
        return system === '' || identifier.system === (system === '|' ? undefined : 'urn:s');
      }),
    ),
  fc
    .boolean()
    .map((missing) =>
      ask('subject:missing', String(missing), ({ subject }) => (subject === undefined) === missing),
    ),
];

const amounts = fc.record({
  prefix: fc.constantFrom(...NUMBER_PREFIXES),
  wanted: fc.constantFrom(...AMOUNTS),
});
const codeText = fc
  .record({ system: fc.constantFrom('', `${TREE}|`, `${OTHER}|`), code: fc.constantFrom('b', 'c', 'y') })
  .map(({ system, code }) => ({
    text: system + code,
    meets: (concept: CodeableConcept | undefined) =>
      codings(concept).some((each) => each.code === code && (system === '' || `${each.system}|` === system)),
  }));

type Part = Pick<
  Observation,
  'code' | 'valueQuantity' | 'valueCodeableConcept' | 'valueString' | 'valueDateTime'
>;
const componentsOf = ({ component = [] }: Observation): readonly Part[] => component as readonly Part[];
/** Where each composite looks: at the observation, at its components, or at both. */
const PLACES = {
  '': (resource: Observation): readonly Part[] => [resource],
  'component-': componentsOf,
  'combo-': (resource: Observation): readonly Part[] => [resource, ...componentsOf(resource)],
} as const;
const places = fc.constantFrom('' as const, 'component-' as const, 'combo-' as const);

const composites: readonly fc.Arbitrary<Ask<Observation>>[] = [
  fc
    .record({ place: places, code: codeText, amount: amounts })
    .map(({ place, code, amount: { prefix, wanted } }) =>
      ask(`${place}code-value-quantity`, `${code.text}$${prefix}${wanted.toFixed(1)}`, (resource) =>
        PLACES[place](resource).some(
          (part) =>
            code.meets(part.code) &&
            part.valueQuantity?.value !== undefined &&
            compareNumbers(prefix, part.valueQuantity.value, Number(wanted.toFixed(1))),
        ),
      ),
    ),
  fc
    .record({ place: places, code: codeText, value: codeText })
    .map(({ place, code, value }) =>
      ask(`${place}code-value-concept`, `${code.text}$${value.text}`, (resource) =>
        PLACES[place](resource).some(
          (part) => code.meets(part.code) && value.meets(part.valueCodeableConcept),
        ),
      ),
    ),
  fc
    .record({ code: codeText, text: texts })
    .map(({ code, text }) =>
      ask('code-value-string', `${code.text}$${text}`, (resource) =>
        Boolean(code.meets(resource.code) && startsWith(resource.valueString, text)),
      ),
    ),
  fc
    .record({ code: codeText, prefix: fc.constantFrom(...NUMBER_PREFIXES), date: fc.constantFrom(...DATES) })
    .map(({ code, prefix, date }) =>
      ask('code-value-date', `${code.text}$${prefix}${date}`, ({ code: its, valueDateTime }) =>
        Boolean(
          code.meets(its) &&
            valueDateTime !== undefined &&
            compareSpans(prefix, span(valueDateTime), span(date)),
        ),
      ),
    ),
];

export const rareObservationQuestion: fc.Arbitrary<Ask<Observation>> = fc.oneof(
  ...codes,
  ...subjects,
  ...composites,
);

export const typedIdentifierQuestion: fc.Arbitrary<Ask<Patient>> = fc.oneof(
  fc
    .record({
      system: fc.constantFrom('urn:t', 'urn:u'),
      code: fc.constantFrom('MR', 'SS'),
      value: fc.constantFrom('1', '2', '4'),
    })
    .map(({ system, code, value }) =>
      ask<Patient>('identifier:of-type', `${system}|${code}|${value}`, ({ identifier = [] }) =>
        identifier.some(
          (each) =>
            each.value === value &&
            codings(each.type).some((type) => type.system === system && type.code === code),
        ),
      ),
    ),
  texts.map((text) =>
    ask<Patient>('identifier:text', text, ({ identifier = [] }) =>
      identifier.some(({ type }) => startsWith(type?.text, text)),
    ),
  ),
);

export const urlQuestion: fc.Arbitrary<Ask<ValueSet>> = fc.oneof(
  fc
    .record({
      name: fc.constantFrom('url', 'url:below', 'url:above'),
      wanted: fc.constantFrom(...URLS, 'http://acme.org/fhir/ValueSet', 'http://acme.org/fhir/Value'),
    })
    .map(({ name, wanted }) =>
      ask<ValueSet>(name, wanted, ({ url }) => {
        if (url === undefined) return false;
        if (name === 'url') return url === wanted;
        return name === 'url:below' ? isAbove(wanted, url) : isAbove(url, wanted);
      }),
    ),
  fc
    .boolean()
    .map((missing) =>
      ask<ValueSet>('url:missing', String(missing), ({ url }) => (url === undefined) === missing),
    ),
);

const probabilities = ({ prediction = [] }: RiskAssessment): number[] =>
  prediction.flatMap(({ probabilityDecimal }) => probabilityDecimal ?? []);

export const numberQuestion: fc.Arbitrary<Ask<RiskAssessment>> = fc.oneof(
  amounts.map(({ prefix, wanted }) =>
    ask<RiskAssessment>('probability', `${prefix}${wanted.toFixed(1)}`, (resource) =>
      probabilities(resource).some((value) => compareNumbers(prefix, value, Number(wanted.toFixed(1)))),
    ),
  ),
  fc
    .boolean()
    .map((missing) =>
      ask<RiskAssessment>(
        'probability:missing',
        String(missing),
        (resource) => (probabilities(resource).length === 0) === missing,
      ),
    ),
);
