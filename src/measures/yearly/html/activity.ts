import type { Published } from '../../suppression/suppress.ts';
import { columnsPicture } from '../charts/columns-picture.ts';
import { figure } from '../charts/figure.ts';
import { danishNumber, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { COURSES, type Funding, type ReportUnit } from '../model.ts';
import { nationOf, type PublishedReport, periodsOf, unitsAt } from '../publish.ts';
import { countCell } from './cells.ts';

/** The number of courses against what is funded. */
export function activitySection(report: PublishedReport): Markup {
  const { funding } = report;
  const nation = nationOf(report);
  const years = periodsOf(report, 'year');
  const coursesIn = (unit: ReportUnit, year: string) => report.row(COURSES, unit.id, year)?.denominator;
  const thisYear = coursesIn(nation, String(report.year));
  const columns = years.map(({ id }) => {
    const count = coursesIn(nation, id);
    return {
      name: id,
      emphasis: id === String(report.year),
      ...(count && 'value' in count && { value: count.value }),
    };
  });
  const rows = [nation, ...unitsAt(report, 'region'), ...unitsAt(report, 'unknown')];
  return html`<section class="page" aria-labelledby="aktivitet"><h2 id="aktivitet">Aktivitet: koordinationsforløb</h2>
<p class="lead">${leadText(thisYear, funding?.courses, report.year)}</p>
${figure(
  columnsPicture(
    'fig-aktivitet',
    'Koordinationsforløb pr. år mod det finansierede antal',
    columns,
    funding?.courses,
  ),
  'Antal koordinationsforløb, der begyndte i året, og det finansierede antal.',
)}
<table><caption>Koordinationsforløb efter region</caption><thead><tr><th scope="col">Område</th>${years.map(({ id }) => html`<th scope="col" class="number">${id}</th>`)}${funding?.shares && html`<th scope="col" class="number">Finansieret</th>`}</tr></thead>
<tbody>${rows.map(
    (unit) =>
      html`<tr class="${unit.level === 'nation' ? 'total' : ''}"><th scope="row">${unit.name}</th>${years.map(({ id }) => countCell(coursesIn(unit, id)))}${funding?.shares && countCell(fundedOf(report, unit))}</tr>`,
  )}</tbody></table>
${fundingTable(funding)}</section>`;
}

function fundingTable(funding: Funding | undefined): Markup | undefined {
  if (funding === undefined) return undefined;
  const { money, shares, source } = funding;
  const division =
    shares === undefined
      ? 'Aftalen fordeler ikke de finansierede forløb på regioner; regionernes tal har derfor ikke noget mål.'
      : `Regionernes finansierede antal: ${shares.source}.`;
  return html`${
    money &&
    html`<table class="narrow"><caption>Finansiering pr. år</caption><thead><tr><th scope="col">Part</th><th scope="col" class="number">Mio. kr.</th></tr></thead><tbody>
<tr><th scope="row">Regioner</th><td class="number">${danishNumber(money.regions, 2)}</td></tr>
<tr><th scope="row">Kommuner</th><td class="number">${danishNumber(money.municipalities, 2)}</td></tr>
<tr class="total"><th scope="row">I alt</th><td class="number">${danishNumber(money.regions + money.municipalities, 2)}</td></tr></tbody></table>`
  }
<p class="note">Kilde: ${source}. ${division}</p>`;
}

function fundedOf(report: PublishedReport, unit: ReportUnit): Published | undefined {
  const funded =
    unit.level === 'nation' ? report.funding?.courses : report.funding?.shares?.coursesOf.get(unit.id);
  return funded === undefined ? undefined : { value: funded };
}

function leadText(count: Published | undefined, funded: number | undefined, year: number): string {
  if (count === undefined) return `Antallet af koordinationsforløb i ${year} er ikke opgjort.`;
  if ('masked' in count)
    return `Antallet af koordinationsforløb i ${year} er skjult af hensyn til diskretion.`;
  const begun = `I ${year} begyndte ${danishNumber(count.value)} koordinationsforløb.`;
  if (funded === undefined) return begun;
  const share = danishPercent(count.value / funded);
  return `${begun} Det er ${share} af de ${danishNumber(funded)}, der er finansieret om året.`;
}
