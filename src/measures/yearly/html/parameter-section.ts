import { figure, noPicture } from '../charts/figure.ts';
import { funnelPicture } from '../charts/funnel-picture.ts';
import { type BarRow, intervalBars } from '../charts/interval-bars.ts';
import { runChartPicture, signalText } from '../charts/run-chart-picture.ts';
import { danishNumber, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import type { ReportUnit } from '../model.ts';
import { isHidden, type ParameterFacts } from '../parameter-facts.ts';
import { nationOf, type PublishedReport, type ReportRow } from '../publish.ts';
import { changeText, countCell, intervalCell, intervalText, ofText, rateCell } from './cells.ts';
import { anchorOf } from './summary.ts';

/** One parameter: its number, its definition, development, regions, municipalities. */
export function parameterSection(report: PublishedReport, facts: ParameterFacts): Markup {
  const { parameter, national } = facts;
  const id = anchorOf(parameter.id);
  const areas = [{ unit: nationOf(report), row: national }, ...facts.regions];
  return html`<section class="page" aria-labelledby="${id}"><h2 id="${id}"><span class="tag">${parameter.id}</span> ${parameter.title}</h2>
<div class="headline"><p class="big">${national?.rate === undefined ? 'Skjult eller ikke opgjort' : danishPercent(national.rate)}</p>
<p>${national?.interval && html`95 %-sikkerhedsinterval ${intervalText(national.interval)} %. `}${ofText(national) && `${ofText(national)} ophold. `}${changeText(facts.change)}</p></div>
${definition(facts)}
<h3>Udvikling måned for måned</h3>${monthly(facts, id)}
<h3>Regionerne i ${report.year}</h3>
${figure(intervalBars(`${id}-b`, `${parameter.id} efter region`, areas.map(barRow)), 'Andel og 95 %-sikkerhedsinterval (Wilson). Tallene til højre: andel, opfyldt af opgjorte.')}
${areaTable(facts, areas)}
<h3>Kommunerne i ${report.year}</h3>${municipal(facts, id)}</section>`;
}

function definition({ parameter }: ParameterFacts): Markup {
  const { denominator, numerator, excluded, pending } = parameter.populations;
  return html`<div class="definition"><p>${parameter.definition}</p><dl>
<dt>Nævner</dt><dd>${denominator}</dd><dt>Tæller</dt><dd>${numerator}</dd><dt>Undtaget</dt><dd>${excluded}</dd><dt>Afventer</dt><dd>${pending}</dd>
<dt>Definition</dt><dd class="code">${parameter.url}, version ${parameter.version}</dd><dt>Retning</dt><dd>${parameter.notation === 'increase' ? 'En højere andel er bedre' : 'En lavere andel er bedre'}</dd></dl></div>`;
}

function monthly({ parameter, months, runChart }: ParameterFacts, id: string): Markup {
  if (runChart === undefined) return noPicture('Der er ingen måneder, som kan vises.');
  const stars = months.some((month) => month.hidden) ? ' * = skjult måned.' : '';
  return figure(
    runChartPicture(`${id}-r`, `${parameter.id} måned for måned`, months, runChart),
    html`Seriediagram, hele landet. ${signalText(runChart)}${stars}`,
    runChart.signals.length > 0 ? 'with-signal' : '',
  );
}

function municipal({ parameter, funnel, hiddenMunicipalities }: ParameterFacts, id: string): Markup {
  if (funnel === undefined) return noPicture('Ingen kommune har tal, som kan vises.');
  const outside = funnel.points.filter(({ place }) => place === 'alarm').length;
  const between = funnel.points.filter(({ place }) => place === 'alert').length;
  const hidden =
    hiddenMunicipalities === 0
      ? ''
      : ` ${danishNumber(hiddenMunicipalities)} ${hiddenMunicipalities === 1 ? 'kommune er' : 'kommuner er'} udeladt, fordi tallene er skjult.`;
  return figure(
    funnelPicture(`${id}-f`, `${parameter.id} efter kommune`, funnel),
    `Tragtdiagram: hver kommune efter antal ophold og andel, med 95 %- (stiplet) og 99,8 %-grænser om den samlede andel. ` +
      `Af ${danishNumber(funnel.points.length)} kommuner ligger ${danishNumber(outside)} uden for 99,8 %-grænserne (fyldte trekanter med navn) og ${danishNumber(between)} mellem 95 % og 99,8 % (lyse trekanter). ` +
      `Diagrammet viser, hvor der er noget at undersøge; det er ingen rangliste.${hidden}`,
  );
}

interface Area {
  readonly unit: ReportUnit;
  readonly row?: ReportRow | undefined;
}

function barRow({ unit, row }: Area): BarRow {
  const emphasis = unit.level === 'nation';
  if (row?.rate === undefined) {
    return { name: unit.name, emphasis, note: isHidden(row) ? '* skjult' : 'ingen ophold' };
  }
  return {
    name: unit.name,
    emphasis,
    rate: row.rate,
    counts: ofText(row),
    ...(row.interval && { interval: row.interval }),
  };
}

function areaTable({ parameter }: ParameterFacts, areas: readonly Area[]): Markup {
  return html`<table><caption>${parameter.id}: tællinger efter region</caption><thead><tr><th scope="col">Område</th><th scope="col" class="number">Nævner</th><th scope="col" class="number">Undtaget</th><th scope="col" class="number">Afventer</th><th scope="col" class="number">Opgjort</th><th scope="col" class="number">Opfyldt</th><th scope="col" class="number">Andel</th><th scope="col" class="number">95 %-interval</th></tr></thead>
<tbody>${areas.map(
    ({ unit, row }) =>
      html`<tr class="${unit.level === 'nation' ? 'total' : ''}"><th scope="row">${unit.name}</th>${countCell(row?.denominator)}${countCell(row?.excluded)}${countCell(row?.pending)}${countCell(row?.scored)}${countCell(row?.numerator)}${rateCell(row)}${intervalCell(row?.interval)}</tr>`,
  )}</tbody></table>`;
}
