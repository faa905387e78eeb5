import type { Extension, Measure, MeasureGroup, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { errorIssue } from '../../fhir/outcome.ts';
import { AGGREGATES, type Aggregate } from '../report/score.ts';
import {
  AGGREGATE_METHOD,
  GROUP_NOTATION,
  GROUP_SCORING,
  PARAMETER_SYSTEM,
  POPULATION_BASIS,
  SCORINGS,
  type Scoring,
} from '../vocabulary.ts';

/** What a Measure says of itself, wherever the editions of the quality measure guide put it. */

function extension(
  extensions: readonly Extension[] | undefined,
  urls: readonly string[],
): Extension | undefined {
  return extensions?.find((candidate) => urls.includes(candidate.url));
}

/** Scoring of a group: its own, else the Measure's. An unknown one is an issue, and read as a cohort. */
export function scoringOf(
  measure: Measure,
  group: MeasureGroup,
  path: string,
  issues: OperationOutcomeIssue[],
): Scoring {
  const own = extension(group.extension, GROUP_SCORING)?.valueCodeableConcept;
  const codes = ((own ?? measure.scoring)?.coding ?? []).map((coding) => coding.code);
  const scoring = SCORINGS.find((known) => codes.includes(known));
  if (scoring !== undefined) return scoring;
  issues.push(
    errorIssue(
      'not-supported',
      `The scoring is one of ${SCORINGS.join(', ')}`,
      own ? `${path}.extension` : 'Measure.scoring',
    ),
  );
  return 'cohort';
}

/** How the observations of a continuous variable are aggregated: as its measure-observation says, else by median. */
export function aggregateMethod(group: MeasureGroup): Aggregate {
  const observation = group.population?.find((population) =>
    population.code?.coding?.some((coding) => coding.code === 'measure-observation'),
  );
  const method = extension(observation?.extension, AGGREGATE_METHOD);
  const code = method?.valueCode ?? method?.valueString;
  return AGGREGATES.find((known) => known === code) ?? 'median';
}

/** What the populations count: `boolean` (subjects) or a resource type. */
export function populationBasis(measure: Measure, group: MeasureGroup): string {
  return (
    extension(group.extension, POPULATION_BASIS)?.valueCode ??
    extension(measure.extension, POPULATION_BASIS)?.valueCode ??
    'boolean'
  );
}

/** `increase` or `decrease`, as the group or the Measure says. */
export function improvementNotation(measure: Measure): Measure['improvementNotation'] {
  return (
    measure.improvementNotation ??
    measure.group
      ?.map((group) => extension(group.extension, GROUP_NOTATION)?.valueCodeableConcept)
      .find(Boolean)
  );
}

/** P1 … P6 for the national parameters, else the name or id. */
export function labelOf(measure: Measure): string {
  const parameter = measure.identifier?.find((identifier) => identifier.system === PARAMETER_SYSTEM)?.value;
  return parameter ?? measure.name ?? measure.id ?? `${measure.url}`;
}

/** `url|version` */
export function canonicalOf(measure: Measure): string {
  return measure.version === undefined ? `${measure.url}` : `${measure.url}|${measure.version}`;
}
