import { html, type Markup } from '../markup.ts';
import { nationOf, type PublishedReport, periodsOf, unitsAt } from '../publish.ts';
import { rateCell } from './cells.ts';

/** The parameters over the years, national and by region. */
export function developmentSection(report: PublishedReport): Markup {
  const years = periodsOf(report, 'year');
  const areas = [nationOf(report), ...unitsAt(report, 'region')];
  return html`<section class="page" aria-labelledby="udvikling"><h2 id="udvikling">Udvikling over årene</h2>
${report.parameters.map(
  ({
    id,
    title,
  }) => html`<table class="years"><caption><span class="tag">${id}</span> ${title}</caption><thead><tr><th scope="col">Område</th>${years.map(({ id: year }) => html`<th scope="col" class="number">${year}</th>`)}</tr></thead>
<tbody>${areas.map((unit) => html`<tr class="${unit.level === 'nation' ? 'total' : ''}"><th scope="row">${unit.name}</th>${years.map(({ id: year }) => rateCell(report.row(id, unit.id, year)))}</tr>`)}</tbody></table>`,
)}</section>`;
}
