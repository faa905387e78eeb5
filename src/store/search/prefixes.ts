import type { StringLeaf, UriLeaf } from '../../fhir/search/query.ts';
import { fold } from '../../fhir/search/values/fold.ts';
import { indexable } from '../keys.ts';
import type { Binder } from './binder.ts';

const STRING_PREFIX = 64;
const LAST = '\u{10FFFF}';

export function stringCondition(x: string, { match, text }: StringLeaf, binder: Binder): string {
  const clean = text.replaceAll('\0', '');
  const column = `left(${x}.folded, ${STRING_PREFIX})`;
  const start = (folded: string) => [...folded].slice(0, STRING_PREFIX).join('');
  if (match === 'exact') {
    return `${column} = ${binder.bind(start(fold(clean)))} AND ${x}.exact = ${binder.bind(clean)}`;
  }
  if (match === 'contains') {
    return `strpos(${x}.folded, ${binder.bind(clean)}) > 0`;
  }
  const from = start(clean);
  const range = `${column} >= ${binder.bind(from)} AND ${column} < ${binder.bind(from + LAST)}`;
  return from === clean ? range : `${range} AND starts_with(${x}.folded, ${binder.bind(clean)})`;
}

const URI_PREFIX = 255;

function ancestors(uri: string): string[] {
  const found = [uri];
  for (
    let at = uri.lastIndexOf('/');
    at > 0 && !/^[a-z]+:\/*$/i.test(uri.slice(0, at + 1));
    at = uri.lastIndexOf('/', at - 1)
  ) {
    found.push(uri.slice(0, at), uri.slice(0, at + 1));
  }
  return found;
}

export function uriCondition(x: string, { match, uri }: UriLeaf, binder: Binder): string {
  const column = `left(${x}.uri, ${URI_PREFIX})`;
  const start = (text: string) => [...text].slice(0, URI_PREFIX).join('');
  const text = indexable(uri);
  const equal = () => `${column} = ${binder.bind(start(text))} AND ${x}.uri = ${binder.bind(text)}`;
  if (match === 'exact') {
    return equal();
  }
  if (match === 'above') {
    const above = ancestors(uri).map(indexable);
    return `${column} = ANY (${binder.bindArray(above.map(start), 'text')}) AND ${x}.uri = ANY (${binder.bindArray(above, 'text')})`;
  }
  const below = start(uri.endsWith('/') ? uri : `${uri}/`);
  return `((${equal()}) OR (${column} >= ${binder.bind(below)} AND ${column} < ${binder.bind(below + LAST)}))`;
}
