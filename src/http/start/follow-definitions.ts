import type { FastifyBaseLogger } from 'fastify';
import type { Definitions } from '../../operations/stored-definitions.ts';
import type { Store, WriteListener } from '../../store/store.ts';
import type { SearchParameters } from './search-parameters.ts';

/** Milliseconds until a definition that another server stored is known here. */
const INTERVAL = 5_000;

/**
 * Makes definitions take effect as soon as they are stored: before the answer to who stored them on this server, and
 * within seconds on the others of the same database. What searches by new parameters need is indexed in the background.
 * @param alone no other server writes to this database
 * @returns begins the background work; that in turn returns what ends it
 */
export function followDefinitions(
  store: Store,
  { definitions, parameters }: { definitions: Definitions; parameters: SearchParameters },
  { alone, log }: { alone: boolean; log: FastifyBaseLogger },
): () => () => Promise<void> {
  let kick = (): void => undefined;
  const told = (error: unknown): void => log.warn({ err: error }, 'definitions could not be read');
  const listen = (name: string, types: readonly string[], committed: () => Promise<void>): WriteListener => ({
    name,
    types: new Set(types),
    written: async () => undefined,
    committed: () => committed().catch(told),
  });
  store.addListener(
    listen(
      'stored-definitions',
      ['CodeSystem', 'ConceptMap', 'StructureDefinition', 'ValueSet'],
      async () => void (await definitions.current()),
    ),
  );
  store.addListener(
    listen('stored-search-parameters', ['SearchParameter'], async () => {
      await parameters.refresh();
      kick();
    }),
  );
  return () => {
    const stop = new AbortController();
    let work = Promise.resolve();
    const index = (): void => {
      work = work
        .then(() => parameters.index(stop.signal))
        .then(
          (any) => {
            if (any) log.info('resources are indexed by all search parameters');
          },
          (error: unknown) => {
            if (!stop.signal.aborted) log.warn({ err: error }, 'resources could not be indexed');
          },
        );
    };
    kick = index;
    index();
    const look = (): void => {
      work = work
        .then(async () => {
          await definitions.current();
          await parameters.refresh();
        })
        .catch(told);
      index();
    };
    const timer = alone ? undefined : setInterval(look, INTERVAL).unref();
    return async () => {
      clearInterval(timer);
      stop.abort();
      await work;
    };
  };
}
