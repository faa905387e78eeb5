import type { TextRow } from '../index-rows.ts';
import { parameterId } from '../parameters.ts';
import { fold } from './fold.ts';

const TAGS = /<[^>]*>/g;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function plain(xhtml: string): string {
  return xhtml.replace(TAGS, ' ').replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (_, name: string) => {
    if (!name.startsWith('#')) {
      return ENTITIES[name] ?? ' ';
    }
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
}

/** The distinct words of a text, folded; letters and digits make a word. */
export function words(text: string): string[] {
  return [...new Set(fold(text).match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/** For `_text`: the words of the narrative. */
export function textRows(resource: { readonly resourceType: string }): TextRow[] {
  const div = (resource as { readonly text?: { readonly div?: unknown } }).text?.div;
  if (typeof div !== 'string') {
    return [];
  }
  const found = words(plain(div));
  return found.length === 0
    ? []
    : [{ parameter: parameterId(resource.resourceType, '_text'), words: found.join(' ') }];
}
