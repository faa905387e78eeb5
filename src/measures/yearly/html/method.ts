import { danishInstant, danishNumber, danishPercent } from '../danish.ts';
import { html, type Markup } from '../markup.ts';
import { COURSES } from '../model.ts';
import { nationOf, type PublishedReport, unitsAt } from '../publish.ts';

/** How the numbers were made, so that anyone can make them again. */
export function methodSection(report: PublishedReport): Markup {
  const { threshold } = report;
  return html`<section class="page" aria-labelledby="metode"><h2 id="metode">Metode og definitioner</h2>
<h3>Opgørelse</h3><p>Opgjort pr. ${danishInstant(report.asOf)} (afgør, hvad der var forfaldent), udarbejdet ${danishInstant(report.generated)}. Samme data og samme opgørelsestidspunkt giver samme rapport. Andelen er opfyldt af opgjorte, hvor opgjorte er nævneren uden undtagne og afventende. Det, der hverken er gjort eller forfaldent, afventer; det er aldrig en fejl.</p>
${missingText(report)}
<h3>Statistik</h3><ul>
<li><strong>Sikkerhedsinterval:</strong> Wilsons scoreinterval, 95 %.</li>
<li><strong>Sammenligning af år:</strong> Newcombes interval for forskellen mellem to andele. Kun når det ikke indeholder 0, kaldes udviklingen bedre eller dårligere.</li>
<li><strong>Seriediagram:</strong> Anhøjs regler. Signal, når den længste serie på samme side af medianen er længere end log₂ n + 3 (afrundet), eller krydsningerne er færre end 5 %-fraktilen i en binomialfordeling (n − 1, ½). n er de punkter, der ikke ligger på medianen; under 12 vurderes intet.</li>
<li><strong>Tragtdiagram:</strong> 95 %- og 99,8 %-grænser om den samlede andel; en kommune ligger uden for, netop når dens eget Wilson-interval ikke indeholder den samlede andel.</li></ul>
<h3>Diskretion</h3><p>${
    threshold === 1
      ? 'Ingen tal er skjult i denne udgave.'
      : html`Antal fra 1 til ${danishNumber(threshold - 1)} vises ikke (<span class="masked">&lt;${threshold}</span>). Så mange andre tal er skjult (<span class="masked">*</span>, undertiden også i stedet for et lille tal eller 0), at de små ikke kan regnes ud af summer, forskelle eller andele på tværs af rapportens tabeller, CSV-filen og MeasureReports.`
  }</p>
<h3>Parametrenes definitioner</h3><table><caption>Definitioner og versioner</caption><thead><tr><th scope="col">Parameter</th><th scope="col">Titel</th><th scope="col">Measure</th><th scope="col">Version</th></tr></thead><tbody>${report.parameters.map(
    ({ id, title, url, version }) =>
      html`<tr><th scope="row">${id}</th><td>${title}</td><td class="code">${url}</td><td>${version}</td></tr>`,
  )}</tbody></table>
${report.agreements.length > 0 && agreements(report)}</section>`;
}

function missingText(report: PublishedReport): Markup | undefined {
  const [unknown] = unitsAt(report, 'unknown');
  if (unknown === undefined) return undefined;
  const year = String(report.year);
  const share = (measure: string): string | undefined => {
    const missing = report.row(measure, unknown.id, year)?.denominator;
    const all = report.row(measure, nationOf(report).id, year)?.denominator;
    if (missing === undefined || all === undefined || !('value' in missing) || !('value' in all))
      return undefined;
    return all.value === 0 ? undefined : danishPercent(missing.value / all.value);
  };
  const said = [COURSES, ...report.parameters.map(({ id }) => id)].flatMap((measure) => {
    const text = share(measure);
    return text === undefined ? [] : [`${measure === COURSES ? 'forløb' : measure} ${text}`];
  });
  return html`<p>${unknown.name} (uoplyst) tæller med på landsplan, men ikke i nogen region eller kommune. Andel: ${said.length === 0 ? 'skjult' : said.join(', ')}.</p>`;
}

function agreements(report: PublishedReport): Markup {
  return html`<table><caption>Sundhedsaftaler, som fristerne er taget fra</caption><thead><tr><th scope="col">Område</th><th scope="col">Aftale</th><th scope="col">PlanDefinition</th><th scope="col">Version</th></tr></thead><tbody>${report.agreements.map(
    ({ area, title, url, version }) =>
      html`<tr><th scope="row">${area}</th><td>${title}</td><td class="code">${url}</td><td>${version}</td></tr>`,
  )}</tbody></table>`;
}
