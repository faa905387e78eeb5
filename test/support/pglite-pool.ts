import { openAsBlob } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

/** Those of this test file that nobody uses: empty, migrated. */
const free: PGlite[] = [];
const all: PGlite[] = [];

/** All rows but those that say which migrations ran, all counters, and what the session was told. */
const EMPTY = `
  DO $$
  DECLARE
    each record;
    filled boolean;
  BEGIN
    FOR each IN SELECT quote_ident(tablename) AS name FROM pg_tables
      WHERE schemaname = current_schema() AND tablename <> 'migration'
    LOOP
      EXECUTE 'SELECT EXISTS (SELECT FROM ' || each.name || ')' INTO filled;
      IF filled THEN
        EXECUTE 'TRUNCATE ' || each.name || ' CASCADE';
      END IF;
    END LOOP;
    FOR each IN SELECT quote_ident(sequencename) AS name FROM pg_sequences WHERE schemaname = current_schema()
    LOOP
      EXECUTE 'ALTER SEQUENCE ' || each.name || ' RESTART';
    END LOOP;
  END
  $$`;

/** An empty, migrated PGlite. To open one takes longer than most tests, so that those of a file share it in turns. */
export async function borrowPglite(): Promise<PGlite> {
  const known = free.pop();
  if (known !== undefined) {
    return known;
  }
  const image = await openAsBlob(process.env.OVERGANG_TEST_PGLITE as string);
  const lite = await PGlite.create({ loadDataDir: image });
  all.push(lite);
  return lite;
}

/** Empties it for the next test; the stores over it are closed. */
export async function returnPglite(lite: PGlite): Promise<void> {
  await lite.exec('ROLLBACK');
  await lite.exec(EMPTY);
  await lite.exec('DISCARD ALL');
  free.push(lite);
}

/** At the end of a test file. */
export async function closePglites(): Promise<void> {
  await Promise.all(all.splice(0).map((lite) => lite.close()));
  free.splice(0);
}
