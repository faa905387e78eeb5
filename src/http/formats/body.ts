import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import { fromXml } from '../../fhir/xml.ts';
import type { Body } from '../request/exchange.ts';
import { parsePairs } from '../request/query.ts';
import { formatOf } from './formats.ts';
import { parseJson } from './json.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request body by its content type (R4 http.html#mime-type). An absent type is judged by the first
 * character; a type that is no format of FHIR gives kind `other`, for the interactions that take anything.
 * @throws FhirError 400 when the text is malformed, 415 for another charset than UTF-8.
 */
export function readBody(bytes: Buffer, contentType: string | undefined): Body | undefined {
  if (bytes.length === 0) return undefined;
  const { mime, charset, fhirVersion } = parseContentType(contentType ?? guessType(bytes));
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw unsupported(`The charset of the body must be UTF-8.`);
  }
  if (fhirVersion !== undefined && !/^4\.0(\.1)?$/.test(fhirVersion)) {
    throw unsupported('This endpoint speaks FHIR R4: fhirVersion=4.0.');
  }
  if (mime === 'application/json-patch+json')
    return { kind: 'json-patch', value: parseJson(utf8Text(bytes)) };
  if (mime === 'application/x-www-form-urlencoded')
    return { kind: 'form', pairs: parsePairs(utf8Text(bytes)) };
  const format = formatOf(mime);
  if (format === 'json') return { kind: 'resource', value: parseJson(utf8Text(bytes)), bytes };
  if (format === 'xml') return { kind: 'resource', value: fromXml(utf8Text(bytes)), bytes };
  return { kind: 'other', contentType: mime, bytes };
}

/** @throws FhirError 400 when the bytes are no UTF-8 */
export function utf8Text(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new FhirError(400, [errorIssue('structure', 'The body is not valid UTF-8.')]);
  }
}

function unsupported(diagnostics: string): FhirError {
  return new FhirError(415, [errorIssue('not-supported', diagnostics, 'http.Content-Type')]);
}

function guessType(bytes: Buffer): string {
  return bytes.toString('latin1', 0, 64).trimStart().startsWith('<')
    ? 'application/fhir+xml'
    : 'application/fhir+json';
}

function parseContentType(header: string): { mime: string; charset?: string; fhirVersion?: string } {
  const [mime = '', ...parameters] = header.split(';').map((part) => part.trim());
  const named = (name: string): string | undefined =>
    parameters
      .find((parameter) => parameter.toLowerCase().startsWith(`${name.toLowerCase()}=`))
      ?.slice(name.length + 1)
      .replace(/^"(.*)"$/, '$1');
  const charset = named('charset');
  const fhirVersion = named('fhirVersion');
  return {
    mime: mime.toLowerCase(),
    ...(charset === undefined ? {} : { charset }),
    ...(fhirVersion === undefined ? {} : { fhirVersion }),
  };
}
