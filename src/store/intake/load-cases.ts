import { parameterId } from '../../fhir/search/parameters.ts';
import { indexable, keyOf, systemNumber } from '../keys.ts';
import type { SeenReceipt, StayEventRow } from '../receipts/rows.ts';
import { sqlOf } from '../sql.ts';
import type { StoreTransaction } from '../store.ts';
import { lockNumber } from '../transaction.ts';
import { plainArray, textArray } from '../write/arrays.ts';

/** An identifier as index rows know it; no system is ''. */
export interface Token {
  readonly system: string;
  readonly value: string;
}

/** What some messages need to be decided on. */
export interface CasesWanted {
  /** Names to lock beside `citizen/<id>` and `stay/<id>` of what is found. */
  readonly locks: readonly string[];
  /** The name among them that is held shared. */
  readonly together: string;
  readonly identities: readonly string[];
  readonly transmissions: readonly string[];
  /** Identifiers of the citizens that the messages are about. */
  readonly citizens: readonly Token[];
  /** Further identifiers of citizens and stays that the messages bring. */
  readonly tokens: readonly Token[];
  /** What the caller has of them already. */
  readonly known: readonly KnownVersion[];
}

/** A version of a resource; `key` is `Type/id`. */
interface KnownVersion {
  readonly key: string;
  readonly version: number;
}

/** A current resource, and its place in the order of creation. */
interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly deleted: boolean;
  /** Empty when deleted; null where the caller has this version. */
  readonly content: string | null;
}

/** Up to where changes of shared resources are known. */
export interface Mark {
  /** `pg_current_snapshot()` as text. */
  readonly snapshot: string;
  /** What was stored before this instant has been seen: only narrows what is looked at. */
  readonly since: string;
}

/** Resources of the shared types that the mark before did not see, deleted ones among them, and the mark of now. */
export interface Changed {
  readonly resources: readonly StoredResource[];
  readonly mark: Mark;
}

export interface Cases {
  readonly receipts: readonly SeenReceipt[];
  /**
   * Newest first: the citizens with these identifiers, their stays, episodes, letters and plans, what refers to their
   * stays, and what names any of their identifiers or the further ones in a logical reference.
   */
  readonly resources: readonly StoredResource[];
  readonly events: readonly (StayEventRow & { readonly patient: string })[];
  readonly shared: Changed;
}

interface LoadedRow {
  readonly kind: 'receipt' | 'resource' | 'event' | 'shared' | 'mark';
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly content: string | null;
}

/** In the order of load_cases (migration 0102). */
const PARAMETERS = plainArray([
  parameterId('Patient', 'identifier'),
  parameterId('Encounter', 'subject'),
  parameterId('Encounter', 'identifier'),
  // Of citizens.
  parameterId('EpisodeOfCare', 'patient'),
  parameterId('Communication', 'subject'),
  parameterId('CarePlan', 'subject'),
  // Of stays.
  parameterId('Communication', 'encounter'),
  parameterId('CarePlan', 'encounter'),
  parameterId('Task', 'encounter'),
  // By identifiers.
  parameterId('Patient', 'identifier'),
  parameterId('Encounter', 'identifier'),
  parameterId('Encounter', 'subject', 'identifier'),
  parameterId('EpisodeOfCare', 'patient', 'identifier'),
  parameterId('Communication', 'encounter', 'identifier'),
  parameterId('CarePlan', 'encounter', 'identifier'),
]);

/** No transaction is open longer than this after it took the time of its writes. */
const SLACK_MILLISECONDS = 600_000;

const LOAD = `SELECT * FROM load_cases(${Array.from({ length: 14 }, (_, index) => `$${index + 1}`).join(', ')})`;
const CHANGED = 'SELECT * FROM changed_since($1, $2, $3)';

/**
 * Takes the locks and reads, in one round trip. Nobody who writes facts about these citizens and stays and takes the
 * locks of coordination (lock-facts.ts) can do so until the transaction ends.
 * @param types the types of which all resources are shared; `known` what the caller has seen of them
 */
export async function loadCases(
  transaction: StoreTransaction,
  wanted: CasesWanted,
  types: readonly string[],
  known: Mark | undefined,
): Promise<Cases> {
  const since = new Date(Date.now() - SLACK_MILLISECONDS).toISOString();
  const values = (tokens: readonly Token[]) => textArray(tokens.map(({ value }) => indexable(value)));
  const systems = (tokens: readonly Token[]) => plainArray(tokens.map(({ system }) => systemNumber(system)));
  const rows = await sqlOf(transaction).query<LoadedRow>(
    LOAD,
    [
      plainArray([...wanted.locks, wanted.together].map((name) => lockNumber(name).toString())),
      lockNumber(wanted.together).toString(),
      textArray(wanted.identities),
      textArray(wanted.transmissions),
      values(wanted.citizens),
      systems(wanted.citizens),
      values(wanted.tokens),
      systems(wanted.tokens),
      plainArray(wanted.known.map(({ key }) => keyOf(key))),
      plainArray(wanted.known.map(({ version }) => version)),
      PARAMETERS,
      textArray(types),
      known?.snapshot ?? null,
      known?.since ?? null,
    ],
    'load_cases',
  );
  return {
    receipts: rows
      .filter(({ kind }) => kind === 'receipt')
      .map((row) => ({
        identity: row.a,
        transmission: row.b,
        outcome: row.c as SeenReceipt['outcome'],
        acknowledgement: row.content ?? '',
      })),
    resources: rows.filter(({ kind }) => kind === 'resource').map(storedOf),
    events: rows
      .filter(({ kind }) => kind === 'event')
      .map((row) => ({ patient: row.a, source: row.b, stay: row.c, event: row.content ?? '' })),
    shared: changedOf(rows, since),
  };
}

/** Shared resources that changed since the mark; everything for none. */
export async function loadChanged(
  transaction: StoreTransaction,
  types: readonly string[],
  known: Mark | undefined,
): Promise<Changed> {
  const since = new Date(Date.now() - SLACK_MILLISECONDS).toISOString();
  const rows = await sqlOf(transaction).query<LoadedRow>(
    CHANGED,
    [textArray(types), known?.snapshot ?? null, known?.since ?? null],
    'changed_since',
  );
  return changedOf(rows, since);
}

function changedOf(rows: readonly LoadedRow[], since: string): Changed {
  const mark = rows.find(({ kind }) => kind === 'mark');
  if (mark === undefined) throw new Error('The database did not tell its snapshot');
  return {
    resources: rows.filter(({ kind }) => kind === 'shared').map(storedOf),
    mark: { snapshot: mark.a, since },
  };
}

function storedOf({ a, b, c, version, deleted, content }: LoadedRow): StoredResource {
  return { type: a, id: b, seq: Number(c), version, deleted, content };
}
