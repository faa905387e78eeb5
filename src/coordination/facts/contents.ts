import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import { stayContents } from '../../store/verdicts/stay-contents.ts';

/** A reader that passes questions on, and this one too. */
export interface ContentsReader extends Reader {
  /** As {@link contentsOf}, asked of the store behind it. */
  stayContents(stayIds: readonly string[]): Promise<readonly string[] | undefined>;
}

/** What each of some hundred stays rests on as a JSON array (stay-contents.ts); undefined when it cannot be asked for at once. */
export function contentsOf(
  reader: Reader,
  stayIds: readonly string[],
): Promise<readonly string[] | undefined> {
  const { stayContents: ask } = reader as Partial<ContentsReader>;
  return ask === undefined ? stayContents(reader, stayIds) : ask(stayIds);
}

// Texts are full of quotes: what is looked for begins with something rarer.
const ORGANIZATION = 'Organization/';
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** The ids of all organisations that are named in the texts by a literal reference, and perhaps others. */
export function organizationsNamed(texts: readonly string[]): Set<string> {
  return following(texts, ORGANIZATION, (id) => ID.test(id));
}

const MUNICIPALITY = `${CODE_SYSTEM.municipality}","code":"`;

/** The codes of the municipalities that are named in the texts, as far as they are written as they mostly are. */
export function municipalitiesNamed(texts: readonly string[]): Set<string> {
  return following(texts, MUNICIPALITY, (code) => /^\d{4}$/.test(code));
}

/** What stands between a mark and the next quote. */
function following(texts: readonly string[], mark: string, isOne: (text: string) => boolean): Set<string> {
  const found = new Set<string>();
  const others = new Set<string>();
  for (const text of texts) {
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at)) {
      const start = at + mark.length;
      const end = text.indexOf('"', start);
      const one = text.slice(start, end);
      if (!found.has(one) && !others.has(one)) (isOne(one) ? found : others).add(one);
      at = end < 0 ? text.length : end;
    }
  }
  return found;
}
