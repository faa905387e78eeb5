import { html, type Markup } from '../markup.ts';
import { at, linear, pathOf } from './scale.ts';

/** A small line without axes, for decoration beside a number that says the same: hidden from screen readers. */
export function sparkline(rates: readonly (number | undefined)[], median: number): Markup {
  const known = rates.filter((rate) => rate !== undefined);
  const low = Math.min(...known, median) - 0.01;
  const high = Math.max(...known, median) + 0.01;
  const x = linear([0, Math.max(1, rates.length - 1)], [3, 147]);
  const y = linear([low, high], [32, 4]);
  const line = pathOf(rates.map((rate, index) => (rate === undefined ? undefined : [x(index), y(rate)])));
  const last = rates.at(-1);
  return html`<svg class="spark" viewBox="0 0 150 36" aria-hidden="true"><line class="median" x1="3" x2="147" y1="${at(y(median))}" y2="${at(y(median))}"/><path class="series" d="${line}"/>${last !== undefined && html`<circle class="point" cx="${at(x(rates.length - 1))}" cy="${at(y(last))}" r="3"/>`}</svg>`;
}
