import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, it } from '@jest/globals';
import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import pg from 'pg';
import { openStore, type StoreOptions } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { borrowPglite, closePglites, returnPglite } from './pglite-pool.ts';

export type StoreKind = 'PGlite' | 'PostgreSQL';

/** Gives a test stores of one kind: empty, migrated, closed and removed when the test ends. */
export interface StoreFixture {
  readonly kind: StoreKind;
  /** A new empty store, with the real validator unless the options bring another. */
  open(options?: StoreOptions): Promise<Store>;
  /** Options that lead openStore (or an app) to a new empty database; more than one store may open a PostgreSQL one. */
  connection(): Promise<StoreOptions>;
}

export interface FixtureOptions {
  /** When stores are closed and removed: after each test (the default), or after the whole block, for tests that share one. */
  readonly lifetime?: 'test' | 'block';
}

type Cleanup = () => Promise<void>;

/** Must be the template of test/support/global-setup.ts, which a test cannot import (it would start servers). */
const TEMPLATE = 'overgang_template';

async function postgresConnection(server: string, cleanups: Cleanup[]): Promise<StoreOptions> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: `${server}postgres` });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // A copy of the template shares nothing with it afterwards; the strategy copies files, not log records.
  await admin(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  cleanups.push(() => admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  return { databaseUrl: `${server}${name}`, connections: 5 };
}

async function pgliteConnection(cleanups: Cleanup[]): Promise<StoreOptions> {
  const instance = await borrowPglite();
  cleanups.push(() => returnPglite(instance));
  return { instance };
}

afterAll(closePglites);

type Validate = (resource: unknown) => readonly OperationOutcomeIssue[];

async function realValidator(): Promise<Validate> {
  const { validateResource } = await import('../../src/fhir/validation/validate.ts');
  return (resource) => validateResource(resource);
}

function fixtureOf(kind: StoreKind, cleanups: Cleanup[]): StoreFixture {
  const connection = () => {
    const server = process.env.OVERGANG_TEST_POSTGRES;
    return kind === 'PGlite' || server === undefined
      ? pgliteConnection(cleanups)
      : postgresConnection(server, cleanups);
  };
  return {
    kind,
    connection,
    async open(options = {}) {
      const validate = options.validate ?? (await realValidator());
      const store = await openStore({ ...(await connection()), ...options, validate });
      // Newest first: the store closes before its database is dropped.
      cleanups.push(() => store.close());
      return store;
    },
  };
}

/**
 * Runs a block of tests on PGlite and on PostgreSQL (skipped, and said so, where no PostgreSQL starts; never under CI).
 *
 * @example
 * onEveryStore((fixture) => {
 *   it('reads what was created', async () => {
 *     const store = await fixture.open();
 *     …
 *   });
 * });
 */
export function onEveryStore(block: (fixture: StoreFixture) => void, options: FixtureOptions = {}): void {
  for (const kind of ['PGlite', 'PostgreSQL'] as const) {
    if (WHOLE_SUITE_ON === undefined || WHOLE_SUITE_ON === kind) {
      onStore(kind, block, options);
    }
  }
}

/**
 * The whole suite on one kind: `OVERGANG_TEST_ON=PGlite npm run test:run`, and the same with PostgreSQL. Without it
 * some tests, told by onStore, run on one kind only, for the sake of time.
 */
const WHOLE_SUITE_ON = process.env.OVERGANG_TEST_ON as StoreKind | undefined;

/** As {@link onEveryStore}, on one kind only unless OVERGANG_TEST_ON names the other. */
export function onStore(
  usual: StoreKind,
  block: (fixture: StoreFixture) => void,
  { lifetime = 'test' }: FixtureOptions = {},
): void {
  const kind = WHOLE_SUITE_ON ?? usual;
  if (kind === 'PostgreSQL' && process.env.OVERGANG_TEST_POSTGRES === undefined) {
    it.skip('on PostgreSQL, which does not start on this machine', () => undefined);
    return;
  }
  const cleanups: Cleanup[] = [];
  describe(`on ${kind}`, () => {
    const after = lifetime === 'block' ? afterAll : afterEach;
    after(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) {
        await cleanup();
      }
    });
    block(fixtureOf(kind, cleanups));
  });
}
