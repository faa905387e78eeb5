import type { Identifier, Resource } from '@medplum/fhirtypes';
import type { Aspect } from '../../fhir/search/parameters.ts';
import type { Reader, ResourceKey } from '../../store/store.ts';
import type { Agreement } from '../agreement.ts';

/** A search parameter of a type: `['Communication', 'encounter']`. */
export type Named = readonly [type: string, code: string, aspect?: Aspect];

/**
 * What a transaction has read of some citizens, and means to write: answers the look-ups of coordination without the
 * database. Answers are undefined where it does not know all there is.
 */
export interface Memory {
  /** null: there is no such resource. */
  read(key: ResourceKey): Resource | null | undefined;
  referring(by: readonly Named[], targets: Iterable<string>): Resource[] | undefined;
  identified(by: readonly Named[], identifiers: Iterable<Identifier | undefined>): Resource[] | undefined;
  agreements(): readonly Agreement[];
}

const memories = new WeakMap<Reader, Memory>();

/** From now on look-ups of this reader are asked of the memory first; undefined ends that. */
export function remember(reader: Reader, memory: Memory | undefined): void {
  if (memory === undefined) memories.delete(reader);
  else memories.set(reader, memory);
}

export function memoryOf(reader: Reader): Memory | undefined {
  return memories.get(reader);
}

/** A question that only the database can answer. */
export class NotInMemory extends Error {
  constructor() {
    super('Only the database knows');
    this.name = 'NotInMemory';
  }
}

/** A reader that never asks the database: what the memory does not know is a NotInMemory. */
export function memoryReader(memory: Memory): Reader {
  const refuse = () => Promise.reject(new NotInMemory());
  const reader: Reader = {
    read: refuse,
    readMany: refuse,
    readVersion: refuse,
    history: refuse,
    search: refuse,
  };
  remember(reader, memory);
  return reader;
}
