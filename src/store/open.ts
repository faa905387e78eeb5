import { randomBytes } from 'node:crypto';
import type { PGlite } from '@electric-sql/pglite';
import type { OperationOutcomeIssue, SearchParameter } from '@medplum/fhirtypes';
import { badRequest } from '../fhir/outcome.ts';
import {
  createParameterRegistry,
  type ParameterRegistry,
  STANDARD_PARAMETERS,
} from '../fhir/search/parameters.ts';
import type { Database } from './database/database.ts';
import { openPglite } from './database/pglite.ts';
import { openPostgres } from './database/postgres.ts';
import { migrate } from './migrate.ts';
import { createReadDesk } from './read-together.ts';
import { createReader } from './reader.ts';
import { explainError } from './retry.ts';
import type { ExpandCodes } from './search/resolve.ts';
import { cursorSecret } from './secret.ts';
import { registerSql, type Sql } from './sql.ts';
import { createStatisticsKeeper } from './statistics.ts';
import type { Change, Store, WriteListener, Written } from './store.ts';
import { createStoreTransaction } from './store-transaction.ts';
import { inTransaction, poolSql, refuseInside } from './transaction.ts';
import { prepareChanges } from './write/prepare.ts';
import { createWriteDesk } from './write/together.ts';

export interface StoreOptions {
  /** PostgreSQL, `postgres://…`; wins over dataFolder. */
  readonly databaseUrl?: string | undefined;
  /** Folder of the embedded PGlite, or `memory` (the default). */
  readonly dataFolder?: string | undefined;
  /** Issues of severity error refuse a write with 422; default: everything passes. */
  readonly validate?: ((resource: unknown) => readonly OperationOutcomeIssue[]) | undefined;
  /** Run missing migrations; default true. */
  readonly migrate?: boolean | undefined;
  /** Connections to PostgreSQL; default 20. */
  readonly connections?: number | undefined;
  /** Milliseconds after which a statement is given up with 422; default 30,000. */
  readonly statementTimeout?: number | undefined;
  /** Zone of dates without an offset; default Europe/Copenhagen. */
  readonly timezone?: string | undefined;
  /** Codes of `:in`, `:not-in`, `:above`, `:below`; without it they are refused. */
  readonly expandCodes?: ExpandCodes | undefined;
  /** Search parameters beside R4's. */
  readonly searchParameters?: readonly SearchParameter[] | undefined;
  /** An open PGlite instead of the folder; it stays open when the store is closed. */
  readonly instance?: PGlite | undefined;
}

const refuseExpansion: ExpandCodes = async () => {
  throw badRequest(
    'This server has no terminology to work out :in, :not-in, :above and :below with',
    undefined,
    'not-supported',
  );
};

function openDatabase(options: StoreOptions): Promise<Database> | Database {
  const {
    databaseUrl,
    dataFolder = 'memory',
    connections = 20,
    statementTimeout = 30_000,
    instance,
  } = options;
  return databaseUrl === undefined
    ? openPglite({ folder: dataFolder, instance })
    : openPostgres({ url: databaseUrl, connections, statementTimeout });
}

/** Errors of single statements outside a transaction become what the client can understand. */
function explained(sql: Sql): Sql {
  const explaining = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw explainError(error);
    }
  };
  return {
    query: async (text, values, name) => explaining(sql.query(text, values, name)),
    later: async (text, values, name) => explaining(sql.later(text, values, name)),
  };
}

/**
 * Opens the store and brings its database to this version's schema.
 * @throws when the database cannot be reached or migrated
 */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const database = await openDatabase(options);
  try {
    if (options.migrate !== false) {
      await migrate(database);
    }
    return await assembleStore(database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** New resources that one statement takes; more go in several, of one transaction. */
const MOST_TOGETHER = 1_000;

/** Of what is no resource: the empty text, which nobody listens to. */
function typeOf(change: Change): string {
  return change.op === 'delete' ? change.type : String(change.resource?.resourceType ?? '');
}

async function assembleStore(database: Database, options: StoreOptions): Promise<Store> {
  const sql = explained(poolSql(database));
  const { searchParameters = [], expandCodes = refuseExpansion, validate = () => [], timezone } = options;
  const registry =
    searchParameters.length === 0 ? STANDARD_PARAMETERS : createParameterRegistry(searchParameters);
  const secret = await cursorSecret(sql, () => randomBytes(32).toString('base64url'));
  const listeners: WriteListener[] = [];
  const statistics = createStatisticsKeeper(sql);
  // One object for all: the registry can be exchanged, and each search and write takes the one of its moment.
  let indexing: ParameterRegistry = registry;
  const current: ParameterRegistry = { of: (type) => indexing.of(type) };
  const shared = {
    secret,
    expand: expandCodes,
    preparation: { registry: current, validate, zone: timezone },
    listeners,
  };
  const desk = createWriteDesk(database);
  const readTogether = createReadDesk(sql);
  const isHeard = (type: string) => listeners.some(({ types }) => types.has(type));
  const store: Store = {
    ...createReader(sql, shared),
    read: async (type, id) => {
      refuseInside(database);
      return readTogether(type, id);
    },
    transaction: async (work) => {
      let changes = 0;
      const heard = new Set<WriteListener>();
      const counted = {
        ...shared,
        wrote: (count: number) => {
          changes += count;
        },
        heard: (listener: WriteListener) => heard.add(listener),
      };
      const result = await inTransaction(database, (inner) => {
        changes = 0;
        heard.clear();
        return work(createStoreTransaction(inner, counted));
      });
      statistics.wrote(changes);
      for (const listener of heard) await listener.committed?.();
      return result;
    },
    write: async (change) => {
      refuseInside(database);
      if (isHeard(typeOf(change))) {
        const [written] = await store.transaction((transaction) => transaction.write([change]));
        return written as Written;
      }
      const [written] = await desk.write(prepareChanges([change], shared.preparation));
      statistics.wrote(1);
      return written as Written;
    },
    create: async (resources) => {
      refuseInside(database);
      const changes = resources.map((resource) => ({ op: 'create', resource }) as const);
      if (resources.length > MOST_TOGETHER || resources.some(({ resourceType }) => isHeard(resourceType))) {
        return store.transaction((transaction) => transaction.write(changes));
      }
      if (changes.length === 0) {
        return [];
      }
      const written = await desk.write(prepareChanges(changes, shared.preparation));
      statistics.wrote(written.length);
      return written;
    },
    isHeard,
    indexBy: (other) => {
      indexing = other;
    },
    addListener: (listener) => {
      listeners.push(listener);
    },
    ping: async () => {
      await sql.query('SELECT 1');
    },
    close: async () => {
      await statistics.stop();
      await database.close();
    },
  };
  registerSql(store, sql);
  return store;
}
