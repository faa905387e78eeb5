import type { DataRequirement, Library } from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../coordination/calendar.ts';
import type { Reader } from '../store/store.ts';
import { type Compiled, compiledOf } from './compile/compiled-cache.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import type { Expression } from './compile/expression.ts';
import { measureById } from './find-measure.ts';
import { measurementPeriod } from './report/period.ts';

const copenhagen = createCalendar();

/** Which resources a variable holds (docs/model.md, "The facts of a stay"). */
const TYPES: { readonly [name: string]: readonly string[] } = {
  stay: ['Encounter'],
  admission: ['Encounter'],
  discharge: ['Encounter'],
  endOfTreatment: ['Encounter', 'Communication'],
  agreedDischarge: ['Encounter', 'CarePlan'],
  patient: ['Patient'],
  course: ['EpisodeOfCare'],
  episodes: ['EpisodeOfCare'],
  exchanges: ['Communication'],
  plans: ['CarePlan'],
  organizations: ['Organization'],
};

/**
 * `Measure/[id]/$data-requirements` (R4): which resources the Measure is computed from, as a Library of type
 * module-definition. The stays (or subjects' resources) are those of the period.
 * @throws FhirError 400, 404, 410, 422
 */
export async function dataRequirements(
  reader: Reader,
  request: { readonly measureId: string; readonly periodStart?: string; readonly periodEnd?: string },
  options: { readonly calendar?: Calendar } = {},
): Promise<Library> {
  const calendar = options.calendar ?? copenhagen;
  const period = measurementPeriod(request.periodStart, request.periodEnd, calendar);
  const stored = await measureById(reader, request.measureId);
  const compiled = compiledOf(stored, calendar);
  const requirement = (type: string): DataRequirement => ({
    type: type as NonNullable<DataRequirement['type']>,
    ...(compiled.kind === 'stay' && type === 'Encounter'
      ? { dateFilter: [{ path: 'period', valuePeriod: { start: period.firstDay, end: period.lastDay } }] }
      : {}),
  });
  return {
    resourceType: 'Library',
    status: 'active',
    type: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/library-type', code: 'module-definition' }],
    },
    relatedArtifact: [{ type: 'depends-on', resource: compiled.measure.canonical }],
    dataRequirement: [...requiredTypes(compiled)].sort().map(requirement),
  };
}

/** The resource types that a Measure is computed from. */
export function requiredTypes(compiled: Compiled): ReadonlySet<string> {
  return compiled.kind === 'stay'
    ? typesOf(compiled.measure)
    : new Set(['Patient', ...compiled.measure.types]);
}

function typesOf(measure: CompiledMeasure): Set<string> {
  const types = new Set<string>(['Encounter']);
  const seen = new Set<Expression>();
  const visit = (expression: Expression): void => {
    if (seen.has(expression)) return;
    seen.add(expression);
    for (const binding of expression.bindings.values()) {
      if (binding.kind === 'fact') for (const type of TYPES[binding.name] ?? []) types.add(type);
      if (binding.kind === 'agreement') types.add('PlanDefinition');
      if (binding.kind === 'expression') visit(binding.expression);
    }
  };
  for (const expression of [measure.anchor, measure.due, measure.actual, measure.evidence]) {
    if (expression !== undefined) visit(expression);
  }
  for (const group of measure.groups) {
    for (const expression of group.populations.values()) visit(expression);
    for (const { parts } of group.stratifiers) for (const { criteria } of parts) visit(criteria);
  }
  return types;
}
