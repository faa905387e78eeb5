import { type Funnel, type FunnelPoint, funnelLimits } from '../../statistics/funnel.ts';
import { danishNumber, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { picture } from './figure.ts';
import { at, linear, pathOf, shareTicks, ticks } from './scale.ts';

export interface FunnelUnit {
  readonly name: string;
  readonly numerator: number;
  readonly denominator: number;
}

const WIDTH = 680;
const HEIGHT = 330;
const LEFT = 46;
const RIGHT = 70;
const TOP = 14;
const BOTTOM = 44;
const MOST_NAMES = 12;

/** A funnel plot: units by size and share, the pooled line, and the 95 % and 99.8 % limits. */
export function funnelPicture(id: string, title: string, funnel: Funnel<FunnelUnit>): Markup {
  const largest = Math.max(...funnel.points.map(({ unit }) => unit.denominator));
  const smallest = Math.min(...funnel.points.map(({ unit }) => unit.denominator));
  const sizes = ticks(0, largest, 6);
  const outer = funnelLimits(funnel.pooled, smallest, 0.998);
  const steps = shareTicks([
    ...funnel.points.map(({ rate }) => rate),
    Math.max(outer.low, funnel.pooled - 0.35),
    Math.min(outer.high, funnel.pooled + 0.35),
  ]);
  const x = linear([0, sizes.at(-1)!], [LEFT, WIDTH - RIGHT]);
  const y = linear([steps[0]!, steps.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const named = namesToShow(funnel.points);
  return picture({ id, width: WIDTH, height: HEIGHT, title, describe: describe(funnel) }, [
    steps.map(
      (step) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(step))}" y2="${at(y(step))}"/><text class="tick" x="${LEFT - 6}" y="${at(y(step) + 4)}" text-anchor="end">${danishPercent(step, 0)}</text>`,
    ),
    sizes.map(
      (size) =>
        html`<text class="tick" x="${at(x(size))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${danishNumber(size)}</text>`,
    ),
    html`<text class="axis" x="${at((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 8}" text-anchor="middle">Antal opgjorte ophold i kommunen</text>`,
    html`<clipPath id="${id}-c"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>`,
    html`<g clip-path="url(#${id}-c)">${limitCurves(funnel.pooled, sizes.at(-1)!, x, y)}</g>`,
    html`<line class="median" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(funnel.pooled))}" y2="${at(y(funnel.pooled))}"/>`,
    html`<text class="label" x="${WIDTH - RIGHT + 5}" y="${at(y(funnel.pooled) + 4)}">${danishPercent(funnel.pooled)}</text>`,
    endLabels(funnel.pooled, sizes.at(-1)!, y),
    funnel.points.map((point) => mark(point, x(point.unit.denominator), y(point.rate))),
    placeNames(named, x, y).map(
      ({ name, left, top, anchor }) =>
        html`<text class="name" x="${at(left)}" y="${at(top)}" text-anchor="${anchor}">${name}</text>`,
    ),
  ]);
}

function limitCurves(
  pooled: number,
  largest: number,
  x: (value: number) => number,
  y: (value: number) => number,
): Markup[] {
  const sizes = Array.from({ length: 80 }, (_, index) => Math.max(1, (largest * (index + 1) ** 2) / 6400));
  return ([0.95, 0.998] as const).flatMap((level) =>
    (['low', 'high'] as const).map((side) => {
      const points = sizes.map((size) => [x(size), y(funnelLimits(pooled, size, level)[side])] as const);
      return html`<path class="${level === 0.95 ? 'limit inner' : 'limit'}" d="${pathOf(points)}"/>`;
    }),
  );
}

function endLabels(pooled: number, largest: number, y: (value: number) => number): Markup[] {
  const inner = funnelLimits(pooled, largest, 0.95);
  const outer = funnelLimits(pooled, largest, 0.998);
  const label = (text: string, top: number) =>
    html`<text class="tick" x="${WIDTH - RIGHT + 5}" y="${at(top)}">${text}</text>`;
  const labels = [label(`99,8${'\u00a0'}%`, Math.min(y(outer.high) + 2, y(pooled) - 23))];
  return [...labels, label(`95${'\u00a0'}%`, Math.min(y(inner.high) + 4, y(pooled) - 11))];
}

function mark(point: FunnelPoint<FunnelUnit>, x: number, y: number): Markup {
  if (point.place === 'within') return html`<circle class="unit" cx="${at(x)}" cy="${at(y)}" r="3.2"/>`;
  const turn = point.side === 'above' ? 1 : -1;
  const path = `M${at(x)} ${at(y - 5 * turn)}l5 ${9 * turn}h-10z`;
  return html`<path class="unit ${point.place}" d="${path}"/>`;
}

/** Those beyond the 99.8 % limits, the farthest out first. */
function namesToShow(points: readonly FunnelPoint<FunnelUnit>[]): FunnelPoint<FunnelUnit>[] {
  const distance = ({ rate, limits998 }: FunnelPoint<FunnelUnit>) =>
    Math.max(limits998.low - rate, rate - limits998.high);
  return points
    .filter(({ place }) => place === 'alarm')
    .sort((a, b) => distance(b) - distance(a))
    .slice(0, MOST_NAMES);
}

interface PlacedName {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly anchor: 'start' | 'end';
}

/** Names beside their points; one that would lie upon another is left to the table. */
function placeNames(
  points: readonly FunnelPoint<FunnelUnit>[],
  x: (value: number) => number,
  y: (value: number) => number,
): PlacedName[] {
  const taken: { left: number; right: number; top: number }[] = [];
  return points.flatMap((point): PlacedName[] => {
    const width = point.unit.name.length * 5.6;
    const [px, py] = [x(point.unit.denominator), y(point.rate)];
    for (const anchor of ['start', 'end'] as const) {
      const left = anchor === 'start' ? px + 8 : px - 8 - width;
      const box = { left, right: left + width, top: py };
      const free = taken.every(
        (other) => box.right < other.left || box.left > other.right || Math.abs(box.top - other.top) > 11,
      );
      if (!free || box.right > WIDTH - RIGHT + 4 || box.left < LEFT) continue;
      taken.push(box);
      return [{ name: point.unit.name, left: anchor === 'start' ? px + 8 : px - 8, top: py + 3.5, anchor }];
    }
    return [];
  });
}

function describe({ pooled, points }: Funnel<FunnelUnit>): string {
  const list = (place: 'alarm' | 'alert', side: 'above' | 'below') =>
    points.filter((point) => point.place === place && point.side === side).map(({ unit }) => unit.name);
  const said = (names: readonly string[]) => (names.length === 0 ? 'ingen' : names.join(', '));
  return (
    `${points.length} kommuner omkring den samlede andel ${danishPercent(pooled)}. ` +
    `Over 99,8 %-grænsen: ${said(list('alarm', 'above'))}. Under 99,8 %-grænsen: ${said(list('alarm', 'below'))}.`
  );
}
