import type { Bundle, MeasureReport, MeasureReportGroupPopulation } from '@medplum/fhirtypes';
import { CODE_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import { URL_NAMESPACE, uuidV5 } from '../../fhir/uuid.ts';
import { scoreOf, withCount } from '../suppression/masked.ts';
import type { Parameter, ReportPeriod, ReportUnit } from './model.ts';
import type { PublishedReport, ReportRow } from './publish.ts';

/** On `measureScore`: the confidence interval {low, high, level}. */
const SCORE_INTERVAL = `${OVERGANG}/StructureDefinition/score-interval`;

const NOTATION = 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation';

/**
 * The report as a collection of summary MeasureReports, one per parameter, unit and period. Ids follow from what
 * the report is about, so the same data gives the same Bundle.
 */
export function reportBundle(report: PublishedReport): Bundle<MeasureReport> {
  const name = `${OVERGANG}/yearly-report/${report.year}|${report.asOf}|${report.threshold}`;
  const reports = report.rows.flatMap((row) => {
    const parameter = report.parameters.find(({ id }) => id === row.measure);
    const unit = report.units.find(({ id }) => id === row.unit);
    const period = report.periods.find(({ id }) => id === row.period);
    if (parameter === undefined || unit === undefined || period === undefined) return [];
    return [measureReport(report, parameter, unit, period, row, name)];
  });
  return {
    resourceType: 'Bundle',
    id: uuidV5(URL_NAMESPACE, name),
    identifier: { system: `${OVERGANG}/NamingSystem/yearly-report`, value: `${report.year}|${report.asOf}` },
    type: 'collection',
    timestamp: report.generated,
    entry: reports.map((resource) => ({ fullUrl: `urn:uuid:${resource.id}`, resource })),
  };
}

function measureReport(
  report: PublishedReport,
  parameter: Parameter,
  unit: ReportUnit,
  period: ReportPeriod,
  row: ReportRow,
  name: string,
): MeasureReport {
  const score = scoreOf(row);
  return {
    resourceType: 'MeasureReport',
    id: uuidV5(URL_NAMESPACE, `${name}|${parameter.url}|${parameter.version}|${unit.id}|${period.id}`),
    status: 'complete',
    type: 'summary',
    measure: `${parameter.url}|${parameter.version}`,
    // R4 has no element for the area of a summary: a Location known by its official code stands as the subject.
    subject: {
      type: 'Location',
      identifier: { system: unit.system, value: unit.code },
      display: unit.name,
    },
    date: report.generated,
    reporter: { display: report.publisher },
    period: { start: period.start, end: period.end },
    improvementNotation: { coding: [{ system: NOTATION, code: parameter.notation }] },
    group: [
      {
        population: [
          withCount(population('denominator'), row.denominator),
          withCount(population('denominator-exclusion'), row.excluded),
          withCount(population('denominator-exception'), row.pending),
          withCount(population('numerator'), row.numerator),
        ],
        measureScore:
          row.interval === undefined
            ? score
            : { ...score, extension: [interval(row.interval.low, row.interval.high)] },
      },
    ],
  };
}

function population(code: string): MeasureReportGroupPopulation {
  return { code: { coding: [{ system: CODE_SYSTEM.measurePopulation, code }] } };
}

function interval(low: number, high: number) {
  const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
  return {
    url: SCORE_INTERVAL,
    extension: [
      { url: 'low', valueDecimal: rounded(low) },
      { url: 'high', valueDecimal: rounded(high) },
      { url: 'level', valueDecimal: 0.95 },
    ],
  };
}
