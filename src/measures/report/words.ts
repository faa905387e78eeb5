import type { Extension, Measure } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import { MEASURE_EXTENSION } from '../vocabulary.ts';

export type Language = 'da' | 'en';

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

/** A text of an element in a language: the element's own is Danish, others are translations beside it. */
export function inLanguage(
  element: object | undefined,
  name: string,
  language: Language,
): string | undefined {
  const values = (element ?? {}) as { readonly [key: string]: unknown };
  const own = values[name] as string | undefined;
  if (language === 'da') return own;
  const beside = values[`_${name}`] as { readonly extension?: readonly Extension[] } | undefined;
  for (const extension of beside?.extension ?? []) {
    const part = (url: string) => extension.extension?.find((candidate) => candidate.url === url);
    if (extension.url === TRANSLATION && part('lang')?.valueCode === language) {
      const content = part('content');
      return content?.valueString ?? content?.valueMarkdown ?? own;
    }
  }
  return own;
}

/** The deed that a Measure is about, such as "notice sent"; from the description of its actual time. */
export function deedOf(measure: Measure, language: Language): string | undefined {
  const actual = measure.extension?.find((extension) => extension.url === MEASURE_EXTENSION.actual);
  return inLanguage(actual?.valueExpression, 'description', language);
}

/** `13 March 09:12`, `13. marts 09.12`: local time; the year where it is another than the reference's. */
export function timeText(
  instant: string,
  calendar: Calendar,
  language: Language,
  reference?: string,
): string {
  const date = new Date(instant);
  const year = (text: string): string => text.slice(0, 4);
  const showYear = reference !== undefined && year(reference) !== year(instant);
  const day = new Intl.DateTimeFormat(language === 'da' ? 'da-DK' : 'en-GB', {
    timeZone: calendar.timeZone,
    day: 'numeric',
    month: 'long',
    ...(showYear ? { year: 'numeric' } : {}),
  }).format(date);
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: calendar.timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(date);
  return `${day} ${language === 'da' ? time.replace(':', '.') : time}`;
}

/** `DK-82 v2025` for `…/PlanDefinition/agreement-DK-82|2025`. */
export function agreementText(canonical: string): string {
  const [url = '', version] = canonical.split('|');
  const name = /([^/]+)$/.exec(url)?.[1]?.replace(/^agreement-/, '') ?? url;
  return version === undefined ? name : `${name} v${version}`;
}
