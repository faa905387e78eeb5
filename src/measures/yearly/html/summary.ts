import { sparkline } from '../charts/sparkline.ts';
import { danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import type { ParameterFacts } from '../parameter-facts.ts';
import { changeText, intervalText, noRate, ofText } from './cells.ts';

/** The six parameters at a glance. */
export function summarySection(facts: readonly ParameterFacts[]): Markup {
  return html`<section aria-labelledby="resume"><h2 id="resume">De seks parametre på landsplan</h2>
<ol class="tiles">${facts.map(tile)}</ol>
<p class="note">Tallet i parentes er 95 %-sikkerhedsintervallet. Kurven viser de seneste måneder omkring medianen (stiplet).</p></section>`;
}

function tile({ parameter, national, change, months, runChart }: ParameterFacts): Markup {
  const recent = months.slice(-24).map(({ rate }) => rate);
  const known = recent.filter((rate) => rate !== undefined);
  return html`<li class="tile"><h3><a href="#${anchorOf(parameter.id)}"><span class="tag">${parameter.id}</span> ${parameter.title}</a></h3>
<p class="big">${national?.rate === undefined ? noRate(national) : danishPercent(national.rate)}</p>
<p class="soft">${national?.interval && `(${intervalText(national.interval)}) `}${ofText(national)}</p>
${runChart && known.length > 1 && sparkline(recent, runChart.median)}
<p>${changeText(change)}</p></li>`;
}

export function anchorOf(parameter: string): string {
  return `parameter-${parameter.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
}
