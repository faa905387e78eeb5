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

const ORGANIZATION = '"Organization/';
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** The ids of all organisations that are named in the texts by a literal reference. */
export function organizationsNamed(texts: readonly string[]): Set<string> {
  const ids = new Set<string>();
  for (const text of texts) {
    for (let at = text.indexOf(ORGANIZATION); at >= 0; at = text.indexOf(ORGANIZATION, at)) {
      const start = at + ORGANIZATION.length;
      at = text.indexOf('"', start);
      const id = text.slice(start, at);
      if (ID.test(id)) ids.add(id);
    }
  }
  return ids;
}
