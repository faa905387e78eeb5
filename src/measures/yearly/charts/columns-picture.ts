import { danishNumber } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { picture } from './figure.ts';
import { at, linear, ticks } from './scale.ts';

export interface Column {
  readonly name: string;
  readonly value?: number;
  readonly emphasis: boolean;
}

const WIDTH = 680;
const HEIGHT = 210;
const LEFT = 56;
const RIGHT = 110;
const TOP = 18;
const BOTTOM = 26;

/** Columns over time, with the line of what is funded where that is known. */
export function columnsPicture(
  id: string,
  title: string,
  columns: readonly Column[],
  funded: number | undefined,
): Markup {
  const values = columns.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const steps = ticks(0, Math.max(funded ?? 0, ...values), 5);
  const y = linear([0, steps.at(-1)!], [HEIGHT - BOTTOM, TOP]);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, columns.length);
  const width = Math.min(84, slot * 0.6);
  const words = columns.map(
    ({ name, value }) =>
      `${name}: ${value === undefined ? 'skjult eller ikke opgjort' : danishNumber(value)}.`,
  );
  return picture(
    {
      id,
      width: WIDTH,
      height: HEIGHT,
      title,
      describe: [
        ...words,
        ...(funded === undefined ? [] : [`Finansieret: ${danishNumber(funded)} om året.`]),
      ].join(' '),
    },
    [
      steps.map(
        (step) =>
          html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(step))}" y2="${at(y(step))}"/><text class="tick" x="${LEFT - 6}" y="${at(y(step) + 4)}" text-anchor="end">${danishNumber(step)}</text>`,
      ),
      columns.map(({ name, value, emphasis }, index) => {
        const middle = LEFT + slot * (index + 0.5);
        const label = html`<text class="${emphasis ? 'tick strong' : 'tick'}" x="${at(middle)}" y="${HEIGHT - 8}" text-anchor="middle">${name}</text>`;
        if (value === undefined)
          return html`${label}<text class="hidden-mark" x="${at(middle)}" y="${HEIGHT - BOTTOM - 6}" text-anchor="middle">*</text>`;
        return html`${label}<rect class="${emphasis ? 'bar strong' : 'bar'}" x="${at(middle - width / 2)}" y="${at(y(value))}" width="${at(width)}" height="${at(y(0) - y(value))}" rx="2"/><text class="value" x="${at(middle)}" y="${at(y(value) - 5)}" text-anchor="middle">${danishNumber(value)}</text>`;
      }),
      funded !== undefined &&
        html`<line class="target" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(funded))}" y2="${at(y(funded))}"/><text class="label" x="${WIDTH - RIGHT + 6}" y="${at(y(funded) - 3)}">finansieret</text><text class="label" x="${WIDTH - RIGHT + 6}" y="${at(y(funded) + 11)}">${danishNumber(funded)} pr. år</text>`,
    ],
  );
}
