import type { RunChart } from '../../statistics/run-chart.ts';
import { danishMonth, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { picture } from './figure.ts';
import { at, linear, pathOf, shareTicks } from './scale.ts';

export interface RunChartPoint {
  /** First day of the month. */
  readonly start: string;
  readonly rate?: number;
  /** Whether the rate is missing because it is hidden. */
  readonly hidden: boolean;
}

const WIDTH = 680;
const HEIGHT = 236;
const LEFT = 46;
const RIGHT = 92;
const TOP = 14;
const BOTTOM = 30;

/** A run chart of months: line, median, the points of a signal, hidden months as gaps with a mark on the axis. */
export function runChartPicture(
  id: string,
  title: string,
  points: readonly RunChartPoint[],
  chart: RunChart,
): Markup {
  const rates = points.flatMap(({ rate }) => (rate === undefined ? [] : [rate]));
  const steps = shareTicks([...rates, chart.median]);
  const y = linear([steps[0]!, steps.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const x = linear([0, Math.max(1, points.length - 1)], [LEFT + 8, WIDTH - RIGHT]);
  const signal = chart.signals.length > 0;
  const inRun = new Set(chart.signals.includes('long-run') ? chart.longest : []);
  const line = pathOf(
    points.map(({ rate }, index) => (rate === undefined ? undefined : [x(index), y(rate)])),
  );
  const last = points.at(-1);
  return picture({ id, width: WIDTH, height: HEIGHT, title, describe: describe(points, chart) }, [
    yearBands(points, x),
    steps.map(
      (step) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT + 8}" y1="${at(y(step))}" y2="${at(y(step))}"/><text class="tick" x="${LEFT - 6}" y="${at(y(step) + 4)}" text-anchor="end">${danishPercent(step, 0)}</text>`,
    ),
    html`<line class="${signal ? 'median signal' : 'median'}" x1="${LEFT}" x2="${WIDTH - RIGHT + 8}" y1="${at(y(chart.median))}" y2="${at(y(chart.median))}"/>`,
    html`<text class="${signal ? 'label signal' : 'label'}" x="${WIDTH - RIGHT + 14}" y="${at(y(chart.median) - 3)}">median</text><text class="${signal ? 'label signal' : 'label'}" x="${WIDTH - RIGHT + 14}" y="${at(y(chart.median) + 11)}">${danishPercent(chart.median)}</text>`,
    html`<path class="series" d="${line}"/>`,
    points.map((point, index) => {
      if (point.rate === undefined) {
        return (
          point.hidden &&
          html`<text class="hidden-mark" x="${at(x(index))}" y="${HEIGHT - BOTTOM - 4}" text-anchor="middle">*</text>`
        );
      }
      const [cx, cy] = [x(index), y(point.rate)];
      return inRun.has(index)
        ? html`<path class="point signal" d="M${at(cx)} ${at(cy - 5)}l5 5l-5 5l-5 -5z"/>`
        : html`<circle class="point" cx="${at(cx)}" cy="${at(cy)}" r="${index === points.length - 1 ? 4 : 3}"/>`;
    }),
    last?.rate !== undefined &&
      Math.abs(y(last.rate) - y(chart.median)) > 22 &&
      html`<text class="label strong" x="${WIDTH - RIGHT + 14}" y="${at(y(last.rate) + 4)}">${danishPercent(last.rate)}</text>`,
  ]);
}

/** The years under the axis, every other one shaded. */
function yearBands(points: readonly RunChartPoint[], x: (index: number) => number): Markup[] {
  const years = [...new Set(points.map(({ start }) => start.slice(0, 4)))];
  const half = (x(1) - x(0)) / 2;
  return years.map((year, order) => {
    const indexes = points.flatMap((point, index) => (point.start.startsWith(year) ? [index] : []));
    const [from, to] = [x(indexes[0]!) - half, x(indexes.at(-1)!) + half];
    const latest = order === years.length - 1;
    return html`<rect class="${latest ? 'band latest' : 'band'}" x="${at(from)}" y="${TOP}" width="${at(to - from)}" height="${HEIGHT - TOP - BOTTOM}"/><text class="${latest ? 'tick strong' : 'tick'}" x="${at((from + to) / 2)}" y="${HEIGHT - 10}" text-anchor="middle">${year}</text>`;
  });
}

function describe(points: readonly RunChartPoint[], chart: RunChart): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return 'Ingen måneder.';
  const span = `${danishMonth(first.start)} til ${danishMonth(last.start)}`;
  const hidden = points.filter((point) => point.hidden).length;
  return (
    `Månedlig andel fra ${span}. Median ${danishPercent(chart.median)}. ${signalText(chart)}` +
    (hidden > 0 ? ` ${hidden} ${hidden === 1 ? 'måned er skjult' : 'måneder er skjult'}.` : '')
  );
}

/** The verdict of the Anhøj rules in words. */
export function signalText(chart: RunChart): string {
  const facts =
    `Længste serie ${chart.longestRun} (grænse ${chart.longestRunLimit}), ` +
    `${chart.crossings} krydsninger (mindst ${chart.crossingsLimit}), ${chart.useful} brugbare punkter.`;
  if (!chart.judged) return `For få brugbare punkter (${chart.useful}) til at vurdere variationen.`;
  if (chart.signals.length === 0) return `Kun tilfældig variation. ${facts}`;
  const reasons = chart.signals.map((signal) =>
    signal === 'long-run' ? 'usædvanligt lang serie' : 'usædvanligt få krydsninger',
  );
  return `Ikke-tilfældig variation: ${reasons.join(' og ')}. ${facts}`;
}
