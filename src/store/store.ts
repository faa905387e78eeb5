import type { Resource } from '@medplum/fhirtypes';
import type { ParameterRegistry } from '../fhir/search/parameters.ts';
import type { SearchQuery } from '../fhir/search/query.ts';

/** The identity of a resource within this server. */
export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

/** One version of a resource as it is stored and answered. */
export interface ResourceVersion extends ResourceKey {
  /** 1, 2, 3 …; the number in `meta.versionId` and the ETag. */
  readonly version: number;
  /** Instant, milliseconds, UTC (`2026-03-12T08:15:30.123Z`); equals `meta.lastUpdated`. */
  readonly lastUpdated: string;
  /** A deleted version has empty content. */
  readonly deleted: boolean;
  /** The exact JSON text that is answered, `meta` included; pass it through unparsed where possible. */
  readonly content: string;
}

export interface SearchPage {
  readonly matches: readonly ResourceVersion[];
  /** `_include` and `_revinclude` results, no duplicates, none that is also a match. */
  readonly included: readonly ResourceVersion[];
  /** Exact count; present when the query asks for it. */
  readonly total?: number;
  /** Opaque continuation for the next page; absent on the last one. */
  readonly next?: string;
}

export interface HistoryRequest {
  /** All absent: the whole system; only `type`: the type; both: one instance. */
  readonly type?: string;
  readonly id?: string;
  readonly count: number;
  /** Only versions stored at or after this instant. */
  readonly since?: string;
  /** Only versions that were current at some time within [from, to] (R4 http.html#history `_at`). */
  readonly at?: { readonly from: string; readonly to: string };
  readonly cursor?: string;
}

export interface HistoryEntry extends ResourceVersion {
  readonly method: 'POST' | 'PUT' | 'DELETE';
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  readonly total?: number;
  readonly next?: string;
}

/** What both the store and an open transaction can answer. Reads in a transaction see its own writes. */
export interface Reader {
  /** The current version (perhaps deleted), or undefined when there never was one. */
  read(type: string, id: string): Promise<ResourceVersion | undefined>;
  /** Current versions in one round trip, keyed `Type/id`; missing and deleted ones are left out. */
  readMany(keys: readonly ResourceKey[]): Promise<ReadonlyMap<string, ResourceVersion>>;
  readVersion(type: string, id: string, version: number): Promise<ResourceVersion | undefined>;
  history(request: HistoryRequest): Promise<HistoryPage>;
  search(query: SearchQuery): Promise<SearchPage>;
}

/**
 * One change of one resource.
 * - create: the id is assigned by the store unless the resource has one (then it must be new).
 * - update: stores the next version; creates when there is none (update-as-create); the same content
 *   as the current version is no change. `ifMatch` is the version the client saw: 412 when it moved on.
 * - delete: idempotent; `ifMatch` as above.
 */
export type Change =
  | { readonly op: 'create'; readonly resource: Resource }
  | { readonly op: 'update'; readonly resource: Resource & { id: string }; readonly ifMatch?: number }
  | { readonly op: 'delete'; readonly type: string; readonly id: string; readonly ifMatch?: number };

export interface Written extends ResourceVersion {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted';
  /** The resource as stored, with id and meta; absent when deleted. */
  readonly resource?: Resource;
  /** The version before, where there was one and a listener or the caller needs it. */
  readonly previous?: Resource;
}

export interface StoreTransaction extends Reader {
  /**
   * Validates and stores all changes in bulk, in a constant number of round trips, then tells the listeners.
   * The same resource twice in one call is an error (FhirError 400).
   * @throws FhirError 422 with one issue per broken rule; nothing is stored then.
   */
  write(changes: readonly Change[]): Promise<readonly Written[]>;
  /**
   * Waits for and holds the named locks until the end of the transaction (sorted: no deadlock among callers).
   * @param shared names to hold together with others who ask for them as shared
   */
  lock(names: readonly string[], shared?: readonly string[]): Promise<void>;
}

/**
 * Sees what a transaction wrote, before it commits, and may write more (which listeners see in turn;
 * a listener must settle: writing what is already so is no change and ends the recursion).
 */
export interface WriteListener {
  readonly name: string;
  /** Resource types it wants to hear of; other writes do not pay for it. */
  readonly types: ReadonlySet<string>;
  /**
   * Told before a write, it may answer with more or other changes to make in the same write: what it would
   * otherwise write itself once it is told of the written.
   */
  foresee?(transaction: StoreTransaction, changes: readonly Change[]): Promise<readonly Change[]>;
  written(transaction: StoreTransaction, written: readonly Written[]): Promise<void>;
  /** Told after the commit of a transaction in which it heard something, before the writer is answered. */
  committed?(): Promise<void>;
}

export interface Store extends Reader {
  /**
   * Runs `work` in one database transaction. On serialization failure or deadlock (40001, 40P01), COMMIT
   * included, it is run again from the start: `work` must be a pure function of its input.
   */
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>;
  /**
   * Stores one change as a transaction of its own. Writes that are under way at the same time may share a statement
   * and a commit; each succeeds or fails by itself all the same.
   * @throws FhirError as {@link StoreTransaction.write}
   */
  write(change: Change): Promise<Written>;
  /**
   * Stores new resources, all or none of them: as `transaction.write`, but like {@link Store.write} it may share a
   * statement and a commit with others.
   * @throws FhirError as {@link StoreTransaction.write}
   */
  create(resources: readonly Resource[]): Promise<readonly Written[]>;
  /** Whether writes of this type may make listeners write more, perhaps to the same resource. */
  isHeard(type: string): boolean;
  /** Listeners run in the order they were added. */
  addListener(listener: WriteListener): void;
  /** From now on resources are indexed by these parameters; the registry may change what it answers later. */
  indexBy(registry: ParameterRegistry): void;
  /** Resolves when the database answers; rejects otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
