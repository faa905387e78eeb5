import type { Reader } from '../../store/store.ts';
import { stayContents } from '../../store/verdicts/stay-contents.ts';

/** A reader that passes questions on, and this one too. */
export interface ContentsReader extends Reader {
  /** As {@link contentsOf}, asked of the store behind it. */
  stayContents(stayIds: readonly string[]): Promise<string | undefined>;
}

/** What some hundred stays rest on as one JSON array (stay-contents.ts); undefined when it cannot be asked for at once. */
export function contentsOf(reader: Reader, stayIds: readonly string[]): Promise<string | undefined> {
  const { stayContents: ask } = reader as Partial<ContentsReader>;
  return ask === undefined ? stayContents(reader, stayIds) : ask(stayIds);
}
