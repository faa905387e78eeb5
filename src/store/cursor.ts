import { createHmac, timingSafeEqual } from 'node:crypto';
import { badRequest } from '../fhir/outcome.ts';

const SIGNATURE_BYTES = 12;

function signature(secret: string, body: string): Buffer {
  return createHmac('sha256', secret).update(body).digest().subarray(0, SIGNATURE_BYTES);
}

/** An opaque continuation: JSON, base64url, signed, so that nobody can make or change one. */
export function sealCursor(secret: string, content: unknown): string {
  const body = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${body}.${signature(secret, body).toString('base64url')}`;
}

/**
 * @param purpose what the cursor must continue (`search …`, `history …`): one page's link does not fit another search
 * @throws FhirError 400 when this server did not seal it, or for something else
 */
export function openCursor<Content extends { readonly for: string }>(
  secret: string,
  cursor: string,
  purpose: string,
): Content {
  const [body = '', sign = ''] = cursor.split('.');
  const given = Buffer.from(sign, 'base64url');
  if (given.length === SIGNATURE_BYTES && timingSafeEqual(given, signature(secret, body))) {
    const content = JSON.parse(Buffer.from(body, 'base64url').toString()) as Content;
    if (content.for === purpose) {
      return content;
    }
  }
  throw badRequest(
    'This page link was not made by this server for this search: follow the links of a Bundle unchanged, or search again',
    'http._cursor',
    'value',
  );
}
