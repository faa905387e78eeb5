import type {
  CodeableConcept,
  Extension,
  Expression as FhirExpression,
  Measure,
  MeasureGroup,
  OperationOutcomeIssue,
} from '@medplum/fhirtypes';
import { errorIssue } from '../../fhir/outcome.ts';
import { isPopulationCode, MEASURE_EXTENSION, type PopulationCode, type Scoring } from '../vocabulary.ts';
import type { CompiledGroup, CompiledStratifier, StratifierPart } from './compiled-measure.ts';
import type { Expression } from './expression.ts';
import { aggregateMethod, populationBasis, scoringOf } from './measure-elements.ts';
import type { Namespace } from './namespace.ts';

/** Populations that a group of a scoring must have; others may stand beside them. */
const REQUIRED: { readonly [scoring in Scoring]: readonly PopulationCode[] } = {
  proportion: ['initial-population', 'denominator', 'numerator'],
  ratio: ['initial-population', 'denominator', 'numerator'],
  cohort: ['initial-population'],
  'continuous-variable': ['initial-population', 'measure-population', 'measure-observation'],
};

/** Compiles the populations and stratifiers of all groups; issues gather what is wrong, each with its path. */
export function compileGroups(
  measure: Measure,
  namespace: Namespace,
  issues: OperationOutcomeIssue[],
): CompiledGroup[] {
  if ((measure.group ?? []).length === 0) {
    issues.push(errorIssue('required', 'A Measure needs a group to be evaluated', 'Measure.group'));
  }
  if (!measure.url) issues.push(errorIssue('required', 'Reports name the Measure by its url', 'Measure.url'));
  return (measure.group ?? []).map((group, index) =>
    compileGroup(measure, group, `Measure.group[${index}]`, namespace, issues),
  );
}

function compileGroup(
  measure: Measure,
  group: MeasureGroup,
  path: string,
  namespace: Namespace,
  issues: OperationOutcomeIssue[],
): CompiledGroup {
  const scoring = scoringOf(measure, group, path, issues);
  const populations = new Map<PopulationCode, Expression>();
  const seen = new Set<PopulationCode>();
  for (const [index, population] of (group.population ?? []).entries()) {
    const at = `${path}.population[${index}]`;
    const code = population.code?.coding?.map((coding) => coding.code).find(isPopulationCode);
    if (code === undefined) {
      issues.push(
        errorIssue(
          'code-invalid',
          'The population has no code of the measure-population code system',
          `${at}.code`,
        ),
      );
      continue;
    }
    if (seen.has(code))
      issues.push(errorIssue('duplicate', `The group has two populations ${code}`, `${at}.code`));
    seen.add(code);
    const expression = namespace.compile({ expression: population.criteria, path: `${at}.criteria` }, true);
    if (expression !== undefined) populations.set(code, expression);
  }
  for (const code of REQUIRED[scoring]) {
    if (!seen.has(code))
      issues.push(
        errorIssue('required', `Scoring ${scoring} needs the population ${code}`, `${path}.population`),
      );
  }
  return {
    scoring,
    aggregate: aggregateMethod(group),
    basis: populationBasis(measure, group),
    ...(group.code === undefined ? {} : { code: group.code }),
    populations,
    stratifiers: (group.stratifier ?? []).map((stratifier, index) =>
      compileStratifier(stratifier, `${path}.stratifier[${index}]`, namespace, issues),
    ),
  };
}

function compileStratifier(
  stratifier: NonNullable<MeasureGroup['stratifier']>[number],
  path: string,
  namespace: Namespace,
  issues: OperationOutcomeIssue[],
): CompiledStratifier {
  const components = stratifier.component ?? [];
  if ((stratifier.criteria === undefined) === (components.length === 0)) {
    issues.push(errorIssue('invariant', 'A stratifier has either criteria or components (mea-1)', path));
    return { parts: [] };
  }
  const part = (
    source: { code?: CodeableConcept; criteria?: FhirExpression; extension?: Extension[] },
    at: string,
  ): StratifierPart[] => {
    const criteria = namespace.compile({ expression: source.criteria, path: `${at}.criteria` }, true);
    const system = source.extension?.find(
      (extension) => extension.url === MEASURE_EXTENSION.stratumSystem,
    )?.valueUri;
    if (criteria === undefined) return [];
    return [{ criteria, ...(source.code && { code: source.code }), ...(system && { system }) }];
  };
  const parts =
    components.length === 0
      ? part(stratifier, path)
      : components.flatMap((component, index) => part(component, `${path}.component[${index}]`));
  return { ...(stratifier.code && { code: stratifier.code }), parts };
}
