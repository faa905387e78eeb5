import { type Funnel, funnel } from '../statistics/funnel.ts';
import { type Change, developmentOf } from '../statistics/improvement.ts';
import { type RunChart, runChart } from '../statistics/run-chart.ts';
import type { FunnelUnit } from './charts/funnel-picture.ts';
import type { RunChartPoint } from './charts/run-chart-picture.ts';
import type { Parameter, ReportUnit } from './model.ts';
import {
  nationOf,
  type PublishedReport,
  periodsOf,
  proportionOf,
  type ReportRow,
  unitsAt,
} from './publish.ts';

/** What the report says of one parameter, all of it computed from published rows. */
export interface ParameterFacts {
  readonly parameter: Parameter;
  readonly national?: ReportRow;
  /** Against the year before, where that year is in the report. */
  readonly change?: Change;
  readonly months: readonly RunChartPoint[];
  readonly runChart?: RunChart;
  readonly regions: readonly { readonly unit: ReportUnit; readonly row?: ReportRow }[];
  readonly funnel?: Funnel<FunnelUnit>;
  /** Municipalities without a published rate. */
  readonly hiddenMunicipalities: number;
}

export function factsOf(report: PublishedReport, parameter: Parameter): ParameterFacts {
  const nation = nationOf(report);
  const year = String(report.year);
  const national = report.row(parameter.id, nation.id, year);
  const now = proportionOf(national);
  const before = proportionOf(report.row(parameter.id, nation.id, String(report.year - 1)));
  const months = monthsOf(report, parameter, nation);
  const chart = runChart(months.map(({ rate }) => rate));
  const municipalities = unitsAt(report, 'municipality');
  const points = municipalities.flatMap((unit): FunnelUnit[] => {
    const counts = proportionOf(report.row(parameter.id, unit.id, year));
    return counts === undefined || counts.denominator === 0 ? [] : [{ name: unit.name, ...counts }];
  });
  const around = funnel(points, national?.rate);
  return {
    parameter,
    ...(national && { national }),
    ...(now && before && { change: developmentOf(before, now, parameter.notation) }),
    months,
    ...(chart && { runChart: chart }),
    regions: unitsAt(report, 'region').map((unit) => {
      const row = report.row(parameter.id, unit.id, year);
      return { unit, ...(row && { row }) };
    }),
    ...(around && { funnel: around }),
    hiddenMunicipalities: municipalities.filter((unit) => isHidden(report.row(parameter.id, unit.id, year)))
      .length,
  };
}

/** Months up to the report's as-of time: a month that has not begun is no gap. */
function monthsOf(report: PublishedReport, parameter: Parameter, nation: ReportUnit): RunChartPoint[] {
  return periodsOf(report, 'month')
    .filter(({ start }) => start <= report.asOf)
    .map(({ id, start }) => {
      const row = report.row(parameter.id, nation.id, id);
      return { start, hidden: isHidden(row), ...(row?.rate !== undefined && { rate: row.rate }) };
    });
}

export function isHidden(row: ReportRow | undefined): boolean {
  return row !== undefined && ('masked' in row.numerator || 'masked' in row.scored);
}
