import { OPERATIONS } from '../../operations/operations.ts';
import type { Pairs } from '../request/exchange.ts';
import { formatOf } from './formats.ts';

/**
 * The form beside FHIR's formats that the request wants of the operation at the end of its path, by its short name
 * (`csv`): `_format` before `Accept`, quality respected. Undefined: one of FHIR's, or nothing that is offered.
 */
export function otherFormat(path: string, query: Pairs, accept: string | undefined): string | undefined {
  const name = /\$([a-z-]+)$/.exec(path)?.[1];
  const offered = name === undefined ? undefined : OPERATIONS.find((one) => one.name === name)?.otherFormats;
  if (offered === undefined) return undefined;
  const named = (mime: string): string | undefined =>
    Object.entries(offered).find(([short, media]) => mime === short || mime === media)?.[0];
  const asked = query.find(([given]) => given === '_format')?.[1];
  if (asked !== undefined && asked !== '') return named(mediaType(asked));
  const [preferred] = (accept ?? '')
    .split(',')
    .map((range) => ({ mime: mediaType(range), quality: qualityOf(range) }))
    .filter(({ mime, quality }) => quality > 0 && (named(mime) !== undefined || isOfFhir(mime)))
    .sort((left, right) => right.quality - left.quality);
  return preferred === undefined ? undefined : named(preferred.mime);
}

/** A range leaves the choice to us: the resource. */
function isOfFhir(mime: string): boolean {
  return formatOf(mime) !== undefined || mime.endsWith('/*');
}

function mediaType(text: string): string {
  return (text.split(';')[0] as string).trim().toLowerCase();
}

function qualityOf(range: string): number {
  const given = /;\s*q=([\d.]+)/i.exec(range)?.[1];
  const quality = Number(given ?? 1);
  return Number.isFinite(quality) ? quality : 0;
}
