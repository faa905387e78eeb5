import { OVERGANG } from '../fhir/canonical.ts';

const definition = (name: string): string => `${OVERGANG}/StructureDefinition/${name}`;

/** Our extensions on Measure; docs/measures.md explains each. */
export const MEASURE_EXTENSION = {
  /** Measure: Expression with a name; other expressions of the Measure refer to it as `%name`. */
  variable: definition('measure-variable'),
  /** Measure: Expression for the instant that decides the measurement period of a stay. */
  anchor: definition('measure-anchor'),
  /** Measure: Expression for the last instant at which the parameter is still met. */
  due: definition('measure-due'),
  /** Measure: Expression for the instant at which it was done; its description names the deed. */
  actual: definition('measure-actual'),
  /** Measure: Expression for the resources that a verdict rests on. */
  evidence: definition('measure-evidence'),
  /** Measure: code admission | discharge, the day whose agreement is `%agreement`. */
  agreementAt: definition('measure-agreement'),
  /** Measure: code of the obligation (CodeSystem exchange) that the Measure judges. */
  obligation: definition('measure-obligation'),
  /** Measure.group.stratifier: uri, the code system of the stratum values. */
  stratumSystem: definition('measure-stratum-system'),
} as const;

/** The population basis has had three homes; all are read, the first is written. */
export const POPULATION_BASIS: readonly string[] = [
  'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-populationBasis',
  'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-populationBasis',
  'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-populationBasis',
];

export const GROUP_SCORING: readonly string[] = [
  'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-scoring',
  'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-scoring',
  'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-scoring',
];

export const AGGREGATE_METHOD: readonly string[] = [
  'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-aggregateMethod',
  'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-aggregateMethod',
  'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-aggregateMethod',
];

export const GROUP_NOTATION: readonly string[] = [
  'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-improvementNotation',
  'http://hl7.org/fhir/uv/cqfmeasures/StructureDefinition/cqfm-improvementNotation',
  'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-improvementNotation',
];

/** On `measureScore`: the confidence interval {low, high, level}. */
export const SCORE_INTERVAL = definition('score-interval');

/** On a Measure: {area, period, courses, regions, municipalities, source}, what is funded a year. */
export const COURSE_FUNDING = definition('course-funding');
/** On a population of a report: integer, what is funded in its period. */
export const FUNDED_COUNT = definition('funded-count');

/** Identifier system of the short names P1 … P6. */
export const PARAMETER_SYSTEM = `${OVERGANG}/NamingSystem/national-parameter`;

export const SCORINGS = ['proportion', 'ratio', 'cohort', 'continuous-variable'] as const;
export type Scoring = (typeof SCORINGS)[number];

const POPULATIONS = [
  'initial-population',
  'denominator',
  'denominator-exclusion',
  'numerator',
  'numerator-exclusion',
  'denominator-exception',
  'measure-population',
  'measure-population-exclusion',
  'measure-observation',
] as const;
export type PopulationCode = (typeof POPULATIONS)[number];

export function isPopulationCode(code: string | undefined): code is PopulationCode {
  return POPULATIONS.some((known) => known === code);
}
