import type { Interval } from '../../statistics/counts.ts';
import type { Change } from '../../statistics/improvement.ts';
import type { Published } from '../../suppression/suppress.ts';
import { danishNumber, danishPercent, danishPoints, NBSP } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportRow } from '../publish.ts';

/** A count in a table; a hidden one as its mark, with the reason for screen readers. */
export function countCell(count: Published | undefined): Markup {
  if (count === undefined) return html`<td class="number">–</td>`;
  if ('value' in count) return html`<td class="number">${danishNumber(count.value)}</td>`;
  return html`<td class="number">${mark(count.masked)}</td>`;
}

export function rateCell(row: ReportRow | undefined): Markup {
  if (row?.rate !== undefined) return html`<td class="number">${danishPercent(row.rate)}</td>`;
  return html`<td class="number">${noRate(row)}</td>`;
}

export function intervalCell(interval: Interval | undefined): Markup {
  return html`<td class="number soft">${interval === undefined ? '' : intervalText(interval)}</td>`;
}

export function intervalText({ low, high }: Interval): string {
  return `${danishNumber(low * 100, 1)}–${danishNumber(high * 100, 1)}`;
}

/** What stands in place of a rate: a mark when it is hidden, a dash when there is nothing to share. */
export function noRate(row: ReportRow | undefined): Markup {
  const hidden =
    row === undefined
      ? []
      : [row.numerator, row.scored].flatMap((count) => ('masked' in count ? [count.masked] : []));
  if (hidden.length === 0) return html`<span title="ingen ophold">–</span>`;
  return mark('*');
}

function mark(text: string): Markup {
  return html`<abbr class="masked" title="skjult af hensyn til diskretion">${text}</abbr>`;
}

/** `412 af 500`, or nothing when a count is hidden. */
export function ofText(row: ReportRow | undefined): string {
  if (row === undefined || !('value' in row.numerator) || !('value' in row.scored)) return '';
  return `${danishNumber(row.numerator.value)} af ${danishNumber(row.scored.value)}`;
}

/** The development since last year in words and with a sign that needs no colour. */
export function changeText(change: Change | undefined): Markup {
  if (change?.difference === undefined)
    return html`<span class="change">ingen sammenligning med året før</span>`;
  const points = `${danishPoints(change.difference.estimate)}${NBSP}procentpoint`;
  const words = {
    better: ['better', '▲', 'bedre end året før'],
    worse: ['worse', '▼', 'dårligere end året før'],
    'no-sure-change': ['same', '●', 'ingen sikker ændring'],
    'not-comparable': ['same', '●', 'kan ikke sammenlignes'],
  } as const;
  const [name, sign, text] = words[change.development];
  return html`<span class="change ${name}"><span aria-hidden="true">${sign}</span> ${points}: ${text}</span>`;
}
