import type { By } from './by.ts';
import { type ResultLine, UNKNOWN } from './result.ts';

interface Column<T> {
  readonly head: string;
  readonly right?: boolean;
  readonly cell: (row: T) => string;
}

/** A table of fixed columns, two spaces apart, the head underlined. */
function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, at) =>
    Math.max(column.head.length, ...cells.map((row) => (row[at] as string).length)),
  );
  const render = (row: readonly string[]): string =>
    row
      .map((text, at) =>
        columns[at]?.right === true ? text.padStart(widths[at] as number) : text.padEnd(widths[at] as number),
      )
      .join('  ')
      .trimEnd();
  return [
    render(columns.map((column) => column.head)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.map(render),
  ]
    .map((row) => `${row}\n`)
    .join('');
}

/** A count, a sign that it is withheld, or nothing where there is no such population. */
const countText = (count: number | undefined): string =>
  count === undefined ? '' : Number.isNaN(count) ? '*' : String(count);

/** `81.4`; a dash where there is nothing to judge. */
const percentText = (share: number | undefined): string =>
  share === undefined ? '–' : (100 * share).toFixed(1);

const intervalText = ({ low, high }: ResultLine): string =>
  low === undefined ? '–' : `${percentText(low)}–${percentText(high)}`;

/** `127.5`: a median or a ratio; nothing beside a share. */
const scoreText = ({ score }: ResultLine): string => (score === undefined ? '' : score.toFixed(1));

/** The results, one line a measure, period and stratum. */
export function resultTable(lines: readonly ResultLine[], by: By = {}): string {
  const { series, stratifier } = by;
  return table<ResultLine>(
    [
      { head: 'Parameter', cell: (line) => line.title },
      ...(series === undefined ? [] : [{ head: series, cell: (line: ResultLine) => line.period }]),
      ...(stratifier === undefined
        ? []
        : [{ head: stratifier, cell: (line: ResultLine) => line.stratum ?? 'all' }]),
      { head: 'Denominator', right: true, cell: (line) => countText(line.denominator) },
      { head: 'Met', right: true, cell: (line) => countText(line.met) },
      { head: 'Excluded', right: true, cell: (line) => countText(line.excluded) },
      { head: 'Pending', right: true, cell: (line) => countText(line.pending) },
      { head: '%', right: true, cell: (line) => percentText(line.share) },
      { head: '95 % CI', right: true, cell: intervalText },
      ...(lines.every(({ score }) => score === undefined)
        ? []
        : [{ head: 'Score', right: true, cell: scoreText }]),
    ],
    lines,
  );
}

/** Per cent met, a line a stratum and a column a parameter (its short name, `P1`). */
export function matrixTable(lines: readonly ResultLine[], by: string): string {
  const measures = [...new Set(lines.map((line) => line.measure))];
  const strata = [...new Set(lines.flatMap((line) => line.stratum ?? []))];
  const cell = (stratum: string | undefined, measure: string): string =>
    percentText(lines.find((line) => line.stratum === stratum && line.measure === measure)?.share);
  const short = (measure: string): string =>
    lines.find((line) => line.measure === measure)?.title.split(' ')[0] ?? measure;
  return table<string | undefined>(
    [
      { head: `% by ${by}`, cell: (stratum) => stratum ?? 'all' },
      ...measures.map((measure) => ({
        head: short(measure),
        right: true,
        cell: (stratum: string | undefined) => cell(stratum, measure),
      })),
    ],
    [...strata.filter((one) => one !== UNKNOWN), ...strata.filter((one) => one === UNKNOWN), undefined],
  );
}
