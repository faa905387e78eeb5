import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchParameter } from '@medplum/fhirtypes';
import { createParameterRegistry, type ParameterRegistry } from '../../fhir/search/parameters.ts';
import { SUPPORTED_TYPES } from '../../fhir/types.ts';
import { followStored } from '../../operations/stored-definitions.ts';
import { reindexBatch } from '../../store/reindex/reindex.ts';
import { finishedParameters, wantParameters } from '../../store/reindex/state.ts';
import type { Store } from '../../store/store.ts';

/** The search parameters of R4, of packages, and those that are stored here and active. */
export interface SearchParameters {
  /** By which a search can ask now; another object whenever that changes. */
  readonly served: () => ParameterRegistry;
  /** Takes up what was stored, changed or deleted, and what has been indexed meanwhile. */
  readonly refresh: () => Promise<void>;
  /**
   * Indexes what is there by parameters that came later, until none waits.
   * @returns whether any did
   */
  readonly index: (signal: AbortSignal) => Promise<boolean>;
}

export interface SearchParameterOptions {
  readonly timezone: string;
  /** Milliseconds for other servers to learn of a parameter, and index what they write by it, before we begin. */
  readonly settle: number;
}

/** Milliseconds between transactions, for others. */
const PAUSE = 5;

/** Follows the stored search parameters; `refresh` must be awaited once before anything is searched. */
export function searchParameters(
  store: Store,
  packages: readonly SearchParameter[],
  { timezone, settle }: SearchParameterOptions,
): SearchParameters {
  const changed = followStored(store, ['SearchParameter']);
  let further = packages;
  let wanted = false;
  let finished: ReadonlySet<string> = new Set();
  let all = createParameterRegistry(further);
  let served = createParameterRegistry(further, () => false);
  store.indexBy({ of: (type) => all.of(type) });

  const once = async (): Promise<void> => {
    const stored = await changed();
    if (stored !== undefined) further = merged(packages, stored as readonly SearchParameter[]);
    const isNew = stored !== undefined || !wanted;
    if (isNew) {
      all = createParameterRegistry(further);
      await wantParameters(store, parametersOf(all, further));
      wanted = true;
    }
    const now = await finishedParameters(store);
    if (isNew || now.size !== finished.size || [...now].some((name) => !finished.has(name))) {
      finished = now;
      served = createParameterRegistry(further, (type, code) => now.has(`${type}.${code}`));
    }
  };
  let work = Promise.resolve();
  const refresh = (): Promise<void> => {
    const next = work.then(once);
    work = next.catch(() => undefined);
    return next;
  };
  return {
    served: () => served,
    refresh,
    index: async (signal) => {
      if (
        parametersOf(all, further).every(({ resourceType, code }) => finished.has(`${resourceType}.${code}`))
      ) {
        return false;
      }
      if (settle > 0) await sleep(settle, undefined, { signal, ref: false });
      while (!signal.aborted && (await reindexBatch(store, all, timezone))) {
        await sleep(PAUSE, undefined, { signal, ref: false });
      }
      await refresh();
      return true;
    },
  };
}

/** Stored ones before those of packages with the same URL; also a draft or retired one takes its package's place. */
function merged(
  packages: readonly SearchParameter[],
  stored: readonly SearchParameter[],
): readonly SearchParameter[] {
  const urls = new Set(stored.map(({ url }) => url));
  return [
    ...packages.filter(({ url }) => !urls.has(url)),
    ...stored.filter(({ status }) => status === 'active'),
  ];
}

function parametersOf(registry: ParameterRegistry, further: readonly SearchParameter[]) {
  const mine = new Set(further);
  return SUPPORTED_TYPES.flatMap((type) => [...registry.of(type).values()]).filter(
    ({ definition, apart }) => apart || mine.has(definition),
  );
}
