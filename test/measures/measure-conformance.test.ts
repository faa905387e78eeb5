import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Measure, MeasureReport, Patient, Resource } from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { measureFunctions } from '../../src/measures/compile/functions.ts';
import { measurementPeriod } from '../../src/measures/report/period.ts';
import { reportOf } from '../../src/measures/report/report.ts';
import { count, emptyTally } from '../../src/measures/report/tally.ts';
import type { Verdict } from '../../src/measures/stays/verdict.ts';
import { compileSubjectMeasure, evaluateSubject } from '../../src/measures/subjects/subject-measure.ts';

/** HL7's population-semantics case (fhir-cqm, IGProportion), its criteria written in FHIRPath. */

const FOLDER = new URL('../../../shared/testdata/measure-conformance/IGProportion/', import.meta.url);
const present = existsSync(FOLDER);
if (!present) console.warn('skipped: ../shared/testdata/measure-conformance is not here');

const CRITERIA: { readonly [code: string]: string } = {
  'initial-population': '%data.ofType(Encounter).exists()',
  denominator: '%data.ofType(Procedure).exists()',
  'denominator-exclusion': 'deceased = true',
  numerator: '%data.ofType(Observation).exists()',
  'numerator-exclusion': '%data.ofType(ResearchStudy).exists()',
  'denominator-exception': '%data.ofType(Condition).exists()',
};

const load = (path: string): unknown => JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'));
const PATIENTS = ['ada', 'ben', 'cyd', 'dev', 'eve', 'fin', 'gus', 'hana', 'ivy'];

function measureInFhirPath(): Measure {
  const measure = load('Measure-IGProportion.json') as Measure;
  for (const population of measure.group?.[0]?.population ?? []) {
    const expression = CRITERIA[population.code?.coding?.[0]?.code ?? ''];
    if (expression !== undefined) population.criteria = { language: 'text/fhirpath', expression };
  }
  return measure;
}

function resourcesOf(name: string): {
  patient: Patient & { id: string };
  data: Resource[];
  expected: MeasureReport;
} {
  const all = readdirSync(new URL(`${name}/`, FOLDER)).map((file) => load(`${name}/${file}`) as Resource);
  return {
    patient: all.find((one): one is Patient & { id: string } => one.resourceType === 'Patient') as Patient & {
      id: string;
    },
    data: all.filter((one) => one.resourceType !== 'Patient' && one.resourceType !== 'MeasureReport'),
    expected: all.find((one): one is MeasureReport => one.resourceType === 'MeasureReport') as MeasureReport,
  };
}

(present ? describe : describe.skip)('HL7 population semantics, IGProportion', () => {
  const calendar = createCalendar();
  const measure = present
    ? compileSubjectMeasure(measureInFhirPath(), measureFunctions(calendar))
    : undefined;
  const period = measurementPeriod('2024', '2024', calendar);
  const asOf = '2026-01-01T00:00:00.000Z';

  function report(verdicts: readonly Verdict[], type: MeasureReport['type']): MeasureReport {
    if (measure === undefined) throw new Error('no test data');
    const tally = emptyTally(0);
    for (const verdict of verdicts) count([tally], verdict, asOf);
    return reportOf({
      measure: measure.measure,
      canonical: measure.canonical,
      groups: measure.groups,
      period,
      type,
      date: asOf,
      tallies: [tally],
      names: new Map(),
    });
  }

  const verdictsOf = (name: string): Verdict[] => {
    if (measure === undefined) throw new Error('no test data');
    return evaluateSubject(measure, resourcesOf(name), period, asOf);
  };

  const essence = (of: MeasureReport) => ({
    type: of.type,
    measure: of.measure,
    period: of.period,
    counts: (of.group?.[0]?.population ?? []).map((population) => [
      population.code?.coding?.[0]?.code,
      population.count,
    ]),
    score: of.group?.[0]?.measureScore?.value,
  });

  it.each(PATIENTS)('gives the expected individual report of %s', (name) => {
    expect(essence(report(verdictsOf(name), 'individual'))).toEqual(essence(resourcesOf(name).expected));
  });

  it('gives the expected summary', () => {
    const expected = load('MeasureReport-IGProportion-summary.json') as MeasureReport;
    expect(essence(report(PATIENTS.flatMap(verdictsOf), 'summary'))).toEqual(essence(expected));
  });

  it('leaves the score of a subject without a scored denominator out and says why', () => {
    expect(report(verdictsOf('dev'), 'individual').group?.[0]?.measureScore?.extension).toEqual([
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-applicable' },
    ]);
  });

  it('knows which resource types it needs', () => {
    expect([...(measure?.types ?? [])].sort()).toEqual([
      'Condition',
      'Encounter',
      'Observation',
      'Procedure',
      'ResearchStudy',
    ]);
  });
});
