import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { reportBundle } from '../../../src/measures/yearly/bundle.ts';
import { reportCsv } from '../../../src/measures/yearly/csv.ts';
import { reportHtml } from '../../../src/measures/yearly/html/document.ts';
import type { YearlyReport } from '../../../src/measures/yearly/model.ts';
import { renderYearlyReport } from '../../../src/measures/yearly/package.ts';
import { type PublishedReport, publishReport } from '../../../src/measures/yearly/publish.ts';
import { sampleReport } from './sample.ts';

let raw: YearlyReport;
let report: PublishedReport;
let csv: string;
let document: string;
let bundle: Bundle<MeasureReport>;

beforeAll(() => {
  raw = sampleReport({ years: 2 });
  report = publishReport(raw);
  csv = reportCsv(report);
  document = reportHtml(report);
  bundle = reportBundle(report);
}, 120_000);

const fields = (line: string) => line.split(';');
/** Columns of counts. */
const COUNTS = [7, 8, 9, 14, 15];
const lines = () => csv.slice(1).trimEnd().split('\r\n');

describe('the CSV file', () => {
  it('begins with a byte order mark and the agreed columns', () => {
    expect(csv.charCodeAt(0)).toBe(0xfeff);
    expect(lines()[0]).toBe(
      'measure;version;period_start;period_end;unit_type;unit_code;unit_name;numerator;denominator;' +
        'denominator_exclusion;rate;ci_low;ci_high;suppressed;denominator_exception;scored',
    );
  });

  it('has one line for every row, with as many fields as columns', () => {
    expect(lines()).toHaveLength(1 + report.rows.length);
    expect(lines().filter((line) => fields(line).length !== 16)).toEqual([]);
  });

  it('writes rates with a decimal comma that equal numerator through scored', () => {
    const shown = lines()
      .slice(1)
      .map(fields)
      .filter((line) => line[10] !== '');
    expect(shown.length).toBeGreaterThan(1000);
    const number = (text: string | undefined) => Number(text!.replace(',', '.'));
    const wrong = shown.filter((line) => {
      const rate = number(line[10]);
      const equal = Math.abs(rate - Number(line[7]) / Number(line[15])) < 0.00006;
      const inside = number(line[11]) <= rate && rate <= number(line[12]);
      return !(/^[01],\d{4}$/.test(line[10]!) && equal && inside);
    });
    expect(wrong).toEqual([]);
  });

  it('says which rows have a hidden count, and only those have marks', () => {
    const wrong = lines()
      .slice(1)
      .map(fields)
      .filter(
        (line) => COUNTS.some((index) => line[index] === '<5' || line[index] === '*') !== (line[13] === '1'),
      );
    expect(wrong).toEqual([]);
    expect(csv).toContain(';<5;');
    expect(csv).toContain(';*;');
  });

  it('shows no count from 1 to 4', () => {
    const small = lines()
      .slice(1)
      .map(fields)
      .filter((line) => COUNTS.some((index) => ['1', '2', '3', '4'].includes(line[index]!)));
    expect(small).toEqual([]);
  });

  it('quotes what would break it and disarms what a spreadsheet would run', () => {
    const units = raw.units.map((unit) => (unit.id === '0101' ? { ...unit, name: '=1+1;"x"' } : unit));
    const line = reportCsv(
      publishReport({ ...raw, units, counts: raw.counts.filter(({ measure }) => measure === 'P1') }),
    )
      .split('\r\n')
      .find((each) => each.includes('1+1'));
    expect(line).toContain(`;"'=1+1;""x""";`);
  });
});

describe('suppression in a national report', () => {
  it('leaves every yearly rate of the nation and the regions to be seen', () => {
    const yearly = report.rows.filter(
      ({ unit, period, measure }) => unit.startsWith('DK') && period.length === 4 && measure !== 'courses',
    );
    expect(yearly).toHaveLength(6 * 2 * 6);
    expect(yearly.filter(({ rate }) => rate === undefined)).toEqual([]);
  });
});

describe('the Bundle', () => {
  it('is a valid collection of valid summary MeasureReports, one per parameter, unit and period', () => {
    expect(validateResource({ ...bundle, entry: bundle.entry!.slice(0, 20) })).toEqual([]);
    expect(bundle.entry).toHaveLength(report.rows.filter(({ measure }) => measure !== 'courses').length);
    const hidden = bundle.entry!.find(({ resource }) => JSON.stringify(resource).includes('masked'));
    expect(validateResource(hidden!.resource)).toEqual([]);
    expect(new Set(bundle.entry!.map(({ fullUrl }) => fullUrl)).size).toBe(bundle.entry!.length);
  });

  it('says which Measure, version, area and period each is about', () => {
    const one = bundle
      .entry!.map(({ resource }) => resource!)
      .find(
        ({ subject, period }) =>
          subject?.display === 'Region Sjælland' &&
          period.start === '2025-01-01' &&
          period.end === '2025-12-31',
      )!;
    expect(one.measure).toBe('https://overgang.dk/fhir/Measure/parameter-1|1.0.0');
    expect(one.subject).toEqual({
      type: 'Location',
      identifier: { system: 'urn:iso:std:iso:3166:-2', value: 'DK-85' },
      display: 'Region Sjælland',
    });
    expect(one.type).toBe('summary');
  });

  it('gives counts and score as the CSV does, and masked in their place where hidden', () => {
    const rows = report.rows.filter(({ measure }) => measure !== 'courses');
    const absent = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' };
    const wrong = bundle.entry!.filter(({ resource }, index) => {
      const row = rows[index]!;
      const group = resource!.group![0]!;
      const numerator = group.population!.find(({ code }) => code?.coding?.[0]?.code === 'numerator')!;
      const expected =
        'value' in row.numerator ? { count: row.numerator.value } : { _count: { extension: [absent] } };
      const { code: _code, ...shown } = numerator;
      const value = row.rate === undefined ? undefined : Math.round(row.rate * 1e6) / 1e6;
      return JSON.stringify(shown) !== JSON.stringify(expected) || group.measureScore!.value !== value;
    });
    expect(wrong).toEqual([]);
    expect(rows.some(({ numerator }) => 'masked' in numerator)).toBe(true);
  });

  it('is the same for the same data', () => {
    const small = { ...raw, counts: raw.counts.filter(({ measure }) => measure === 'P6') };
    const text = () => JSON.stringify(reportBundle(publishReport(small)));
    expect(text()).toBe(text());
  });
});

describe('the HTML document', () => {
  it('needs nothing from outside: no script, no external file, no font', () => {
    expect(document).not.toMatch(/<script|<link|@import|src=|url\((?!#)|<iframe|<img/);
    const addresses = [...document.matchAll(/(?:href|xlink:href)="([^"]+)"/g)].map(([, href]) => href!);
    for (const href of addresses) expect(href).toMatch(/^#/);
  });

  it('counts a parameter in stays, not in courses', () => {
    expect(document).toMatch(/\d af [\d.]+ ophold\. /);
    expect(document).not.toMatch(/\d af [\d.]+ forløb/);
  });

  it('is in Danish, with one h1, a title, and headings that no level skips', () => {
    expect(document).toContain('<html lang="da">');
    expect(document).toContain('<title>God fælles koordination: årsrapport 2025</title>');
    const levels = [...document.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) => {
      if (index > 0) expect(level - levels[index - 1]!).toBeLessThanOrEqual(1);
    });
  });

  it('names and describes every chart, captions every table, and scopes every header cell', () => {
    const charts = document.match(/<svg class="chart"[^>]*>/g)!;
    expect(charts).toHaveLength(1 + 6 * 3);
    for (const chart of charts) {
      const [, title, description] = /aria-labelledby="(\S+) (\S+)"/.exec(chart)!;
      expect(document).toContain(`<title id="${title}">`);
      expect(document).toContain(`<desc id="${description}">`);
    }
    expect(document.match(/<table/g)).toHaveLength(document.match(/<table[^>]*><caption>/g)!.length);
    for (const header of document.match(/<th[\s>][^>]*>/g)!)
      expect(header).toMatch(/scope="(col|row|rowgroup)"/);
    const ids = [...document.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of document.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('gives the national number of each parameter, with its interval, in Danish', () => {
    for (const { id, title, url } of raw.parameters) {
      const row = report.row(id, 'DK', '2025')!;
      const text = `${(row.rate! * 100).toFixed(1).replace('.', ',')}\u00a0%`;
      expect(document).toContain(`<p class="big">${text}</p>`);
      expect(document).toContain(title);
      expect(document).toContain(`${url}, version 1.0.0`);
    }
  });

  it('sets the courses against the funded number and the money', () => {
    const { denominator } = report.row('courses', 'DK', '2025')!;
    const count = 'value' in denominator ? denominator.value : Number.NaN;
    const share = `${(count / 100).toFixed(1).replace('.', ',')}\u00a0%`;
    expect(document).toContain(`Det er ${share} af de 10.000, der er finansieret om året.`);
    for (const amount of ['9,74', '22,73', '32,47']) expect(document).toContain(`>${amount}<`);
    expect(document).toContain('2.270');
    expect(document).toContain('Overgangs fordeling efter folketal 2013');
  });

  it('tells that P4 rose and that its variation is not chance, and of none that it fell', () => {
    const p4 = document.slice(
      document.indexOf('<h2 id="parameter-p4"'),
      document.indexOf('<h2 id="parameter-p5"'),
    );
    expect(p4).toContain('bedre end året før');
    expect(p4).toContain('Ikke-tilfældig variation');
    expect(document).not.toContain('dårligere end året før');
  });

  it('lists every municipality, under its region', () => {
    const table = document.slice(document.indexOf('Alle parametre efter kommune'));
    for (const { name } of raw.units.filter(({ level }) => level === 'municipality')) {
      expect(table).toContain(`<th scope="row">${name}</th>`);
    }
  });

  it('shows hidden counts as such and no number that was hidden', () => {
    expect(document).toContain('<abbr class="masked" title="skjult af hensyn til diskretion">*</abbr>');
    const counts = new Map(raw.counts.map((row) => [`${row.measure} ${row.unit} ${row.period}`, row]));
    const table = document.slice(
      document.indexOf('Alle parametre efter kommune'),
      document.indexOf('id="metode"'),
    );
    for (const row of report.rows) {
      const unit = raw.units.find(({ id }) => id === row.unit)!;
      if (
        unit.level !== 'municipality' ||
        row.period !== '2025' ||
        row.rate !== undefined ||
        row.measure === 'courses'
      )
        continue;
      const { numerator, denominator, excluded, pending } = counts.get(
        `${row.measure} ${row.unit} ${row.period}`,
      )!;
      const line = table.slice(table.indexOf(`<th scope="row">${unit.name}</th>`)).split('</tr>')[0]!;
      const cell = line.split('<td')[2 + raw.parameters.findIndex(({ id }) => id === row.measure)]!;
      expect(cell).not.toContain(`${numerator}/${denominator - excluded - pending}`);
    }
  });

  it('says when the year was not over', () => {
    const early = reportHtml({ ...report, asOf: '2025-10-01T10:00:00.000Z' });
    expect(early).toContain('Foreløbig');
    expect(document).not.toContain('Foreløbig');
  });

  it('escapes names', () => {
    const units = raw.units.map((unit) => (unit.id === 'DK-81' ? { ...unit, name: '<img src=x>' } : unit));
    expect(reportHtml({ ...report, units })).not.toContain('<img src=x>');
  });
});

describe('the package', () => {
  it('holds the three forms of one publication', () => {
    const small = { ...raw, counts: raw.counts.filter(({ measure }) => measure === 'P1') };
    const { names, bundle: collection, csv: table, html } = renderYearlyReport(small, { threshold: 10 });
    expect(names).toEqual({
      bundle: 'aarsrapport-2025.json',
      csv: 'aarsrapport-2025.csv',
      html: 'aarsrapport-2025.html',
    });
    expect(table).toContain(';<10;');
    expect(html).toContain('<span class="masked">&lt;10</span>');
    expect(collection.entry!.length).toBe(small.counts.length);
  });
});
