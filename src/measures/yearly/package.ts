import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import type { SuppressionOptions } from '../suppression/suppress.ts';
import { reportBundle } from './bundle.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html/document.ts';
import type { YearlyReport } from './model.ts';
import { type PublishedReport, publishReport } from './publish.ts';

/** The yearly report in its three forms, all of the same published counts. */
export interface YearlyPackage {
  /** Names without a folder; safe on every file system. */
  readonly names: { readonly bundle: string; readonly csv: string; readonly html: string };
  readonly bundle: Bundle<MeasureReport>;
  /** UTF-8 with byte order mark. */
  readonly csv: string;
  readonly html: string;
}

/** @throws FhirError 400 for a threshold that is none; RangeError for counts that do not add up */
export function renderYearlyReport(report: YearlyReport, options: SuppressionOptions = {}): YearlyPackage {
  return renderPublished(publishReport(report, options));
}

/** The three forms of what may be published. */
export function renderPublished(published: PublishedReport): YearlyPackage {
  const name = `aarsrapport-${published.year}`;
  return {
    names: { bundle: `${name}.json`, csv: `${name}.csv`, html: `${name}.html` },
    bundle: reportBundle(published),
    csv: reportCsv(published),
    html: reportHtml(published),
  };
}
