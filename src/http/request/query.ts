import { badRequest } from '../../fhir/outcome.ts';
import type { Pairs } from './exchange.ts';

/** More parameters than this is a mistake or an attack. */
const MOST_PARAMETERS = 1000;

/**
 * Decodes `a=1&b=2` (query string or form, application/x-www-form-urlencoded) keeping order and repeats.
 * @throws FhirError 400 where a percent escape is broken, instead of replacing characters silently.
 */
export function parsePairs(text: string): Pairs {
  if (text === '') return [];
  const parts = text.split('&');
  if (parts.length > MOST_PARAMETERS) {
    throw badRequest(`More than ${MOST_PARAMETERS} parameters. Join values of one parameter by commas.`);
  }
  const pairs: (readonly [string, string])[] = [];
  for (const part of parts) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    pairs.push([name, equals === -1 ? '' : decode(part.slice(equals + 1), name)]);
  }
  return pairs;
}

/** Encodes pairs so that {@link parsePairs} gives them back; commas, colons and pipes stay readable. */
export function formatPairs(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/%(?:2C|3A|24|2F)/g, (code) => decodeURIComponent(code));
}

function decode(text: string, parameter?: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw badRequest(
      'A percent escape is not valid UTF-8. Encode parameters as UTF-8 with %XX escapes.',
      parameter === undefined ? undefined : `http.${parameter}`,
    );
  }
}
