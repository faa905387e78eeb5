import { danishDate, danishInstant } from '../danish.ts';
import { html } from '../markup.ts';
import { factsOf } from '../parameter-facts.ts';
import type { PublishedReport } from '../publish.ts';
import { activitySection } from './activity.ts';
import { developmentSection } from './development.ts';
import { methodSection } from './method.ts';
import { municipalitySection } from './municipalities.ts';
import { parameterSection } from './parameter-section.ts';
import { STYLE } from './style.ts';
import { anchorOf, summarySection } from './summary.ts';

/**
 * The yearly report as one HTML document in Danish: no script, no external file, readable on a screen and on A4.
 * It shows only what {@link PublishedReport} holds.
 */
export function reportHtml(report: PublishedReport): string {
  const facts = report.parameters.map((parameter) => factsOf(report, parameter));
  const title = `God fælles koordination: årsrapport ${report.year}`;
  const complete = report.asOf > `${report.year}-12-31T23:59:59.999Z`;
  return html`<!doctype html>
<html lang="da"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="Overgang"><title>${title}</title><style>${STYLE}</style></head>
<body><header class="cover"><p class="over">Årsrapport til KL og Danske Regioner</p><h1>God fælles koordination ${report.year}</h1>
<p class="sub">Koordinationsforløb for særligt svækkede ældre medicinske patienter: aktivitet, de seks kvalitetsparametre og udviklingen, i landet, regionerne og kommunerne.</p>
<dl><div><dt>Periode</dt><dd>${danishDate(`${report.year}-01-01`)} – ${danishDate(`${report.year}-12-31`)}</dd></div><div><dt>Opgjort pr.</dt><dd>${danishInstant(report.asOf)}</dd></div><div><dt>Udgiver</dt><dd>${report.publisher}</dd></div></dl>${
    !complete && html`<p><strong>Foreløbig: året var ikke omme, da rapporten blev opgjort.</strong></p>`
  }</header>
<main><nav aria-label="Indhold"><ol><li><a href="#resume">Overblik</a></li><li><a href="#aktivitet">Aktivitet</a></li>${report.parameters.map(
    ({ id }) => html`<li><a href="#${anchorOf(id)}">${id}</a></li>`,
  )}<li><a href="#udvikling">Udvikling</a></li><li><a href="#kommuner">Kommuner</a></li><li><a href="#metode">Metode</a></li></ol></nav>
${summarySection(facts)}${activitySection(report)}${facts.map((each) => parameterSection(report, each))}${developmentSection(report)}${municipalitySection(report)}${methodSection(report)}
<footer><p>Udarbejdet af Overgang ${danishInstant(report.generated)}. Tallene findes også som CSV og som FHIR MeasureReports i samme pakke.</p></footer></main></body></html>
`.markup;
}
