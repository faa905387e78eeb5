import { readFileSync } from 'node:fs';
import type { Bundle, PlanDefinition, Resource } from '@medplum/fhirtypes';
import fhirpath from 'fhirpath/src/fhirpath.js';
import { compileFhirPath, type FhirPathOptions } from '../../../src/fhir/fhirpath.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../../src/synthetic/population.ts';
import { organisationBundles } from '../../../src/synthetic/render/bundle.ts';

type Variables = Record<string, unknown>;
type Functions = NonNullable<FhirPathOptions['functions']>;

const AGREEMENT = new URL('../../../profiles/agreements/agreement-DK-81.json', import.meta.url);
const resourcesOf = (bundles: readonly Bundle[]): Resource[] =>
  bundles.flatMap(({ entry }) => (entry ?? []).flatMap(({ resource }) => resource ?? []));

/** A dateTime as fhirpath.js has it: a variable that is the result of another expression. */
const time = (text: string): unknown =>
  fhirpath.evaluate({}, `@${text}`, {}, undefined, { resolveInternalTypes: false })[0];

/** Values for every name in the project's expressions, such as they have: one set for each generated course. */
export function* projectVariables(courses: number): Generator<Variables> {
  const organizations = resourcesOf(organisationBundles()).filter(
    ({ resourceType }) => resourceType === 'Organization',
  );
  const agreement = JSON.parse(readFileSync(AGREEMENT, 'utf8')) as PlanDefinition;
  for (const { sendings } of generateCourses(populationOptions({ ...DEFAULT_REQUEST, courses }))) {
    const data = resourcesOf(sendings as Bundle[]);
    const all = (type: string) => data.filter(({ resourceType }) => resourceType === type);
    for (const stay of all('Encounter')) {
      const exchanges = all('Communication');
      const [patient] = all('Patient');
      yield {
        stay,
        patient,
        organizations,
        agreement,
        exchanges,
        data,
        resource: stay,
        course: all('EpisodeOfCare')[0] ?? [],
        courses: all('EpisodeOfCare'),
        episodes: all('EpisodeOfCare'),
        plans: all('CarePlan'),
        letters: exchanges.slice(0, 3),
        obligation: agreement.action?.[exchanges.length % (agreement.action?.length ?? 1)],
        practice: (patient as { generalPractitioner?: unknown[] } | undefined)?.generalPractitioner ?? [],
        stays: all('Encounter'),
        admissions: all('Encounter'),
        conditions: all('Condition'),
        observations: all('Observation'),
        medicines: all('MedicationStatement'),
        evidence: all('Observation').slice(0, 1),
        answers: [
          { group: 'health', code: 'a', answer: 'yes' },
          { group: 'social', code: 'b', answer: 'unknown' },
          { group: 'exclusion', code: 'c', answer: 'no' },
        ],
        requiredSections: ['relatives', 'medicine'],
        presentSections: ['medicine'],
        threshold: 0.5,
        timely: true,
        complete: false,
        asOf: time('2026-07-01T12:00:00Z'),
        admission: time('2026-03-01T10:00:00+01:00'),
        discharge: time('2026-03-05T10:00:00.000Z'),
        endOfTreatment: time('2026-03-04T10:00:00.000Z'),
        agreedDischarge: [],
        anchor: time('2026-03-01T09:00:00.000Z'),
        due: time('2026-03-02T09:00:00.000Z'),
        earliest: time('2026-02-28T09:00:00.000Z'),
        actual: time('2026-03-01T12:00:00.000Z'),
        periodStart: time('2026-01-01T00:00:00.000Z'),
        periodEnd: time('2026-12-31T23:59:59.999Z'),
      };
    }
  }
}

/** Adds the variables that a file defines itself, each evaluated when it is asked for. */
export function withNamed(
  known: Variables,
  named: ReadonlyMap<string, string>,
  functions: Functions,
): Variables {
  const variables: Variables = { ...known };
  for (const [name, expression] of named) {
    if (name in known) continue;
    Object.defineProperty(variables, name, {
      get: () => compileFhirPath(expression, { functions, typed: true })(known.stay, variables),
    });
  }
  return variables;
}
