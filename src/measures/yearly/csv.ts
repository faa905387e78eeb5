import { textOf } from '../suppression/masked.ts';
import type { Published } from '../suppression/suppress.ts';
import { danishNumber } from './danish.ts';
import { COURSES } from './model.ts';
import type { PublishedReport, ReportRow } from './publish.ts';

const COLUMNS = [
  'measure',
  'version',
  'period_start',
  'period_end',
  'unit_type',
  'unit_code',
  'unit_name',
  'numerator',
  'denominator',
  'denominator_exclusion',
  'rate',
  'ci_low',
  'ci_high',
  'suppressed',
  'denominator_exception',
  'scored',
] as const;

/**
 * All rows as CSV for a Danish spreadsheet: UTF-8 with byte order mark, `;`, decimal comma, CRLF (RFC 4180). Counts
 * that are hidden stand as `<5` or `*`, and `suppressed` is 1 on their row. `rate` is `numerator / scored`.
 */
export function reportCsv(report: PublishedReport): string {
  const lines = report.rows.map((row) => cellsOf(report, row).map(quoted).join(';'));
  return `\uFEFF${[COLUMNS.join(';'), ...lines].join('\r\n')}\r\n`;
}

function cellsOf(report: PublishedReport, row: ReportRow): string[] {
  const parameter = report.parameters.find(({ id }) => id === row.measure);
  const period = report.periods.find(({ id }) => id === row.period);
  const unit = report.units.find(({ id }) => id === row.unit);
  const courses = row.measure === COURSES;
  const counts: Published[] = [row.numerator, row.denominator, row.excluded, row.pending, row.scored];
  const share = (value: number | undefined) =>
    value === undefined || courses ? '' : danishNumber(value, 4).replaceAll('.', '').replace('−', '-');
  return [
    parameter?.id ?? row.measure,
    parameter?.version ?? '',
    period?.start ?? '',
    period?.end ?? '',
    unit?.level ?? '',
    unit?.code ?? '',
    unit?.name ?? '',
    courses ? '' : textOf(row.numerator),
    textOf(row.denominator),
    courses ? '' : textOf(row.excluded),
    share(row.rate),
    share(row.interval?.low),
    share(row.interval?.high),
    counts.some((count) => 'masked' in count) ? '1' : '0',
    courses ? '' : textOf(row.pending),
    courses ? '' : textOf(row.scored),
  ];
}

/** Quoted where the syntax asks for it; a leading `=`, `+`, `-` or `@` would be a formula to a spreadsheet. */
function quoted(cell: string): string {
  const harmless = /^[=+@\t-]/.test(cell) && !/^-?\d+(,\d+)?$/.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
