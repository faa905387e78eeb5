import { createHash } from 'node:crypto';
import { instantParameter } from '../measures/report/period.ts';
import { yearlyReport } from '../measures/yearly/fill.ts';
import { STYLE } from '../measures/yearly/html/style.ts';
import { renderPublished } from '../measures/yearly/package.ts';
import { publishAside } from '../measures/yearly/publish.ts';
import type { Operation } from './operation.ts';
import { optional } from './terminology.ts';

/** The document may use its own style sheet, and nothing else. */
const DOCUMENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE.markup).digest('base64')}'; frame-ancestors 'none'`;

/** `Measure/$yearly-report`, of Overgang: the report to KL and Danske Regioner (docs/operations/yearly-report.md). */
export const yearlyReportOperation: Operation = {
  name: 'yearly-report',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Measure-yearly-report',
  title: 'The yearly report',
  documentation:
    'The national parameters and the activity of a year by region and municipality, small counts withheld: ' +
    'Bundle of MeasureReports, CSV, or an HTML document.',
  levels: ['type'],
  types: ['Measure'],
  affectsState: false,
  mayBeAsync: true,
  otherFormats: { csv: 'text/csv', html: 'text/html' },
  parameters: [
    {
      name: 'year',
      min: 1,
      max: '1',
      type: 'integer',
      documentation: 'The year reported on, from 2007 to 2199.',
    },
    optional('yearsBefore', 'integer', 'Earlier years to show the development from, 0 to 10; 2 unless told.'),
    optional('asOf', 'dateTime', 'The time of asking, which decides what was due; now unless told.'),
  ],
  run: async ({ store, calendar, input, otherFormat, smallNumbers }) => {
    const asOf = input.text('asOf');
    const yearsBefore = input.whole('yearsBefore');
    const report = await yearlyReport(store, {
      year: input.whole('year') as number,
      ...(yearsBefore === undefined ? {} : { yearsBefore }),
      ...(asOf === undefined ? {} : { asOf: instantParameter('asOf', asOf, calendar) }),
      calendar,
    });
    // The threshold is no parameter: two reports with different ones would betray what each of them hides.
    const published = await publishAside(store, report, smallNumbers.below, calendar);
    const { names, bundle, csv, html } = renderPublished(published);
    if (otherFormat === 'csv') {
      const headers = { 'content-disposition': `attachment; filename="${names.csv}"` };
      return { text: csv, contentType: 'text/csv; charset=utf-8', headers };
    }
    if (otherFormat === 'html') {
      const headers = { 'content-security-policy': DOCUMENT_POLICY };
      return { text: html, contentType: 'text/html; charset=utf-8', headers };
    }
    return { resource: bundle };
  },
};
