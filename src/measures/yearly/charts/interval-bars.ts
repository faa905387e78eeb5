import type { Interval } from '../../statistics/counts.ts';
import { danishNumber, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { picture } from './figure.ts';
import { at, linear, ticks } from './scale.ts';

export interface BarRow {
  readonly name: string;
  readonly rate?: number;
  readonly interval?: Interval;
  /** Shown instead of the numbers when there is no rate. */
  readonly note?: string;
  readonly emphasis?: boolean;
  readonly counts?: string;
}

const WIDTH = 680;
const LEFT = 152;
const RIGHT = 170;
const ROW = 27;
const TOP = 6;
const BOTTOM = 24;

/** Horizontal bars from 0 to 100 % with their confidence intervals. */
export function intervalBars(id: string, title: string, rows: readonly BarRow[]): Markup {
  const height = TOP + rows.length * ROW + BOTTOM;
  const x = linear([0, 1], [LEFT, WIDTH - RIGHT]);
  const steps = ticks(0, 1, 5);
  return picture({ id, width: WIDTH, height, title, describe: rows.map(inWords).join(' ') }, [
    steps.map(
      (step) =>
        html`<line class="grid" x1="${at(x(step))}" x2="${at(x(step))}" y1="${TOP}" y2="${height - BOTTOM}"/><text class="tick" x="${at(x(step))}" y="${height - 8}" text-anchor="middle">${danishPercent(step, 0)}</text>`,
    ),
    rows.map((row, index) => barOf(row, TOP + index * ROW, x)),
  ]);
}

function barOf(row: BarRow, top: number, x: (value: number) => number): Markup {
  const middle = top + ROW / 2;
  const name = html`<text class="${row.emphasis ? 'row-name strong' : 'row-name'}" x="${LEFT - 8}" y="${at(middle + 4)}" text-anchor="end">${row.name}</text>`;
  const beside = WIDTH - RIGHT + 10;
  if (row.rate === undefined) {
    return html`${name}<text class="tick" x="${beside}" y="${at(middle + 4)}">${row.note ?? ''}</text>`;
  }
  const bar = html`<rect class="${row.emphasis ? 'bar strong' : 'bar'}" x="${at(x(0))}" y="${at(top + 5)}" width="${at(Math.max(0.5, x(row.rate) - x(0)))}" height="${ROW - 10}" rx="2"/>`;
  const value = html`<text class="${row.emphasis ? 'value strong' : 'value'}" x="${beside}" y="${at(middle + 4)}">${danishPercent(row.rate)}<tspan class="tick" dx="6">${row.counts ?? ''}</tspan></text>`;
  return html`${name}${bar}${row.interval && whisker(row.interval, middle, x)}${value}`;
}

function whisker({ low, high }: Interval, middle: number, x: (value: number) => number): Markup {
  const [from, to] = [at(x(low)), at(x(high))];
  return html`<path class="whisker" d="M${from} ${at(middle)}H${to}M${from} ${at(middle - 4)}v8M${to} ${at(middle - 4)}v8"/>`;
}

function inWords(row: BarRow): string {
  if (row.rate === undefined) return `${row.name}: ${row.note ?? 'ingen data'}.`;
  const interval =
    row.interval === undefined
      ? ''
      : ` (${danishNumber(row.interval.low * 100, 1)}–${danishPercent(row.interval.high)})`;
  return `${row.name}: ${danishPercent(row.rate)}${interval}.`;
}
