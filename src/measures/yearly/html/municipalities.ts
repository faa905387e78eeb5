import { danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { COURSES, type ReportUnit } from '../model.ts';
import { type PublishedReport, type ReportRow, unitsAt } from '../publish.ts';
import { countCell, noRate, ofText } from './cells.ts';

/** Every municipality with all parameters, region by region. */
export function municipalitySection(report: PublishedReport): Markup {
  const year = String(report.year);
  const columns = report.parameters.length + 2;
  const rowOf = (unit: ReportUnit) =>
    html`<tr><th scope="row">${unit.name}</th>${countCell(report.row(COURSES, unit.id, year)?.denominator)}${report.parameters.map(({ id }) => cell(report.row(id, unit.id, year)))}</tr>`;
  const groups = unitsAt(report, 'region').map((region) => ({
    region,
    members: unitsAt(report, 'municipality')
      .filter(({ parent }) => parent === region.id)
      .sort((a, b) => a.name.localeCompare(b.name, 'da')),
  }));
  return html`<section class="page" aria-labelledby="kommuner"><h2 id="kommuner">Kommunerne</h2>
<p class="note">Andel og opfyldt/opgjorte. * = skjult af hensyn til diskretion. – = ingen ophold.</p>
<table class="dense"><caption>Alle parametre efter kommune, ${report.year}</caption><thead><tr><th scope="col">Kommune</th><th scope="col" class="number">Forløb</th>${report.parameters.map(({ id, title }) => html`<th scope="col" class="number"><abbr title="${title}">${id}</abbr></th>`)}</tr></thead>
${groups.map(({ region, members }) => html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns}">${region.name}</th></tr>${members.map(rowOf)}</tbody>`)}</table></section>`;
}

function cell(row: ReportRow | undefined): Markup {
  if (row?.rate === undefined) return html`<td class="number">${noRate(row)}</td>`;
  return html`<td class="number">${danishPercent(row.rate, 0)} <span class="under">${ofText(row).replace(' af ', '/')}</span></td>`;
}
