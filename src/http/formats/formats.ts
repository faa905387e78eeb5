import { errorIssue, FhirError } from '../../fhir/outcome.ts';

export type Format = 'json' | 'xml' | 'ndjson';

/** The content type that is answered; charset only where the type has one. */
export const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
  ndjson: 'application/fhir+ndjson; charset=utf-8',
};

const BY_MIME: ReadonlyMap<string, Format> = new Map([
  ['application/fhir+json', 'json'],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/json+fhir', 'json'],
  ['json', 'json'],
  ['application/fhir+xml', 'xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
  ['application/xml+fhir', 'xml'],
  ['xml', 'xml'],
  ['application/fhir+ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/x-ndjson', 'ndjson'],
  ['ndjson', 'ndjson'],
]);

/** Ranges that leave the choice to us: JSON. `text/html` is a browser, for which JSON text is readable. */
const ANY: ReadonlySet<string> = new Set([
  '*/*',
  'application/*',
  'text/*',
  'text/html',
  'html',
  'text/plain',
]);

/** The format of a media type without parameters, undefined when it is none of FHIR's. */
export function formatOf(mime: string): Format | undefined {
  return BY_MIME.get(mime.toLowerCase());
}

/**
 * Chooses the format of the answer (R4 http.html#mime-type): `_format` before `Accept`, quality respected.
 * @throws FhirError 406 naming what is offered.
 */
export function negotiate(accept: string | undefined, format: string | undefined): Format {
  if (format !== undefined && format !== '') {
    // A `+` in a query string decodes to a space; `_format=application/fhir+xml` is what people write.
    const mime = (format.split(';')[0] as string).trim().replace(' ', '+').toLowerCase();
    const chosen = BY_MIME.get(mime) ?? (ANY.has(mime) ? 'json' : undefined);
    if (chosen === undefined) throw notAcceptable('http._format');
    return chosen;
  }
  if (accept === undefined || accept === '') return 'json';
  const exact = BY_MIME.get(accept.toLowerCase());
  if (exact !== undefined) return exact;
  const wanted = accept
    .split(',')
    .map(parseRange)
    .filter((range) => range.quality > 0 && range.format !== undefined && range.speaksR4)
    .sort((left, right) => right.quality - left.quality);
  const best = wanted[0]?.format;
  if (best === undefined) throw notAcceptable('http.Accept');
  return best;
}

function parseRange(text: string): { format: Format | undefined; quality: number; speaksR4: boolean } {
  const [mime = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const value = (name: string): string | undefined =>
    parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
  const quality = Number(value('q') ?? 1);
  const version = value('fhirversion')?.replaceAll('"', '');
  return {
    format: BY_MIME.get(mime) ?? (ANY.has(mime) ? 'json' : undefined),
    quality: Number.isFinite(quality) ? quality : 0,
    speaksR4: version === undefined || version === '4.0' || version === '4.0.1',
  };
}

function notAcceptable(expression: string): FhirError {
  return new FhirError(406, [
    errorIssue(
      'not-supported',
      'None of the formats asked for is offered. Ask for application/fhir+json, application/fhir+xml or ' +
        'application/fhir+ndjson, FHIR version 4.0.',
      expression,
    ),
  ]);
}
