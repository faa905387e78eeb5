import { parameterId } from '../../fhir/search/parameters.ts';
import { indexable, systemNumber } from '../keys.ts';
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

/** As `identifierKey` of coordination spells it: `system|value`. */
export function tokenKey({ system, value }: Token): string {
  return `${system}|${value}`;
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
  /** Further identifiers of citizens that the messages bring. */
  readonly citizenTokens: readonly Token[];
  /** Identifiers of stays that the messages bring. */
  readonly stayTokens: readonly Token[];
  /** Whether what was told of the citizens' stays is wanted. */
  readonly events: boolean;
  /** Versions of resources that the caller has already, by `Type/id`. */
  readonly known: Readonly<Record<string, number>>;
}

/** A current resource, and its place in the order of creation. */
interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly deleted: boolean;
  /** Empty when deleted. */
  readonly content: string;
}

/** Up to where changes of shared resources are known: `pg_current_snapshot()` as text. */
export type Mark = string;

/** Organisations and PlanDefinitions that the mark before did not see, deleted ones among them, and the mark of now. */
export interface Changed {
  readonly resources: readonly StoredResource[];
  readonly mark: Mark;
}

export interface Cases {
  readonly receipts: readonly SeenReceipt[];
  /**
   * The citizens with these identifiers, their stays, episodes, letters and plans, what refers to their stays, and what
   * names any of their identifiers or the further ones in a logical reference.
   */
  readonly resources: readonly StoredResource[];
  /** Those of them that the caller has as they are: `Type/id`, and the place in the order of creation. */
  readonly same: readonly (readonly [name: string, seq: number])[];
  /** Absent when not asked for. */
  readonly events?: readonly (StayEventRow & { readonly patient: string })[];
  readonly shared: Changed;
}

interface LoadedRow {
  readonly kind: 'receipt' | 'resource' | 'same' | 'event' | 'shared' | 'mark';
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly content: string | null;
}

/** In the order of load_cases (migration 0290). */
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
  // By identifiers of citizens.
  parameterId('Patient', 'identifier'),
  parameterId('Encounter', 'subject', 'identifier'),
  parameterId('EpisodeOfCare', 'patient', 'identifier'),
  // By identifiers of stays.
  parameterId('Encounter', 'identifier'),
  parameterId('Communication', 'encounter', 'identifier'),
  parameterId('CarePlan', 'encounter', 'identifier'),
]);

const LOAD = `SELECT * FROM load_cases(${Array.from({ length: 14 }, (_, index) => `$${index + 1}`).join(', ')})`;
const CHANGED = 'SELECT * FROM changed_since($1)';

/**
 * Takes the locks and reads, in one round trip. Nobody who writes facts about these citizens and stays and takes the
 * locks of coordination (lock-facts.ts) can do so until the transaction ends.
 * @param known what the caller has seen of the shared resources
 */
export async function loadCases(
  transaction: StoreTransaction,
  wanted: CasesWanted,
  known: Mark | undefined,
): Promise<Cases> {
  const values = (tokens: readonly Token[]) => textArray(tokens.map(({ value }) => indexable(value)));
  const systems = (tokens: readonly Token[]) => plainArray(tokens.map(({ system }) => systemNumber(system)));
  const rows = await sqlOf(transaction).query<LoadedRow>(
    LOAD,
    [
      plainArray([...new Set([...wanted.locks, wanted.together])].map((name) => lockNumber(name).toString())),
      lockNumber(wanted.together).toString(),
      textArray(wanted.identities),
      textArray(wanted.transmissions),
      values(wanted.citizens),
      systems(wanted.citizens),
      values(wanted.citizenTokens),
      systems(wanted.citizenTokens),
      values(wanted.stayTokens),
      systems(wanted.stayTokens),
      JSON.stringify(wanted.known),
      wanted.events,
      PARAMETERS,
      known ?? null,
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
    same: namesIn(rows.find(({ kind }) => kind === 'same')?.content ?? ''),
    ...(wanted.events
      ? {
          events: rows
            .filter(({ kind }) => kind === 'event')
            .map((row) => ({ patient: row.a, source: row.b, stay: row.c, event: row.content ?? '' })),
        }
      : {}),
    shared: changedOf(rows),
  };
}

/** Lines of `Type/id seq`. */
function namesIn(lines: string): [name: string, seq: number][] {
  if (lines === '') return [];
  return lines.split('\n').map((line) => {
    const space = line.indexOf(' ');
    return [line.slice(0, space), Number(line.slice(space + 1))];
  });
}

/** Shared resources that changed since the mark; everything for none. */
export async function loadChanged(transaction: StoreTransaction, known: Mark | undefined): Promise<Changed> {
  const rows = await sqlOf(transaction).query<LoadedRow>(CHANGED, [known ?? null], 'changed_since');
  return changedOf(rows);
}

function changedOf(rows: readonly LoadedRow[]): Changed {
  const mark = rows.find(({ kind }) => kind === 'mark');
  if (mark === undefined) throw new Error('The database did not tell its snapshot');
  return {
    resources: rows.filter(({ kind }) => kind === 'shared').map(storedOf),
    mark: mark.a,
  };
}

function storedOf({ a, b, c, version, deleted, content }: LoadedRow): StoredResource {
  return { type: a, id: b, seq: Number(c), version, deleted, content: content ?? '' };
}
