import type { Token } from '../../store/intake/load-cases.ts';
import type { StoreTransaction } from '../../store/store.ts';

/** What a message or letter needs before it can be decided on; undefined: the database answers as it goes. */
export interface Needs {
  /** Names to lock besides those of the citizen. */
  readonly locks: readonly string[];
  readonly identity?: string;
  readonly transmission?: string;
  /** The citizen it is about, as stored identifiers are spelt. */
  readonly citizen?: Token;
  /** Further identifiers of the citizen that it brings. */
  readonly citizenTokens: readonly Token[];
  /** Identifiers of stays that it brings. */
  readonly stayTokens: readonly Token[];
  /** Whether it reads what was told of the citizen's stays. */
  readonly events: boolean;
  /** It asks more than a batch prepares: it gets a transaction of its own. */
  readonly alone?: boolean;
}

/** One message or letter on its way into the store. `work` may run again, from its start. */
export interface Errand {
  readonly needs: Needs;
  work(transaction: StoreTransaction): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}
