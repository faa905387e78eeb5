import type { Sql } from './sql.ts';

/** Keeps the planner's statistics in step with what was written. */
export interface StatisticsKeeper {
  /** To be told after each commit. */
  wrote(changes: number): void;
  /** Resolves when no ANALYZE is running. */
  settled(): Promise<void>;
}

const FIRST = 2_000;

/** Without the catalogs of PostgreSQL, which take as long and change little. */
const TABLES = `SELECT string_agg(quote_ident(relname), ', ') AS tables FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`;

/**
 * Runs ANALYZE in the background once the store has changed as often as it had resources when it last ran (at least
 * 2,000 times): a bulk load leaves the planner with statistics of an empty table, and PGlite has no autovacuum at all.
 * A failure costs speed, not correctness: the next growth tries again.
 */
export function createStatisticsKeeper(sql: Sql): StatisticsKeeper {
  let pending = 0;
  let threshold = FIRST;
  let running: Promise<void> | undefined;
  const analyze = async () => {
    try {
      const [own] = await sql.query<{ tables: string }>(TABLES);
      await sql.query(`ANALYZE ${own?.tables}`);
      const [row] = await sql.query<{ rows: number }>(
        "SELECT greatest(reltuples, 0)::bigint AS rows FROM pg_class WHERE relname = 'resource'",
      );
      threshold = Math.max(FIRST, row?.rows ?? 0);
    } catch {
      threshold *= 2;
    } finally {
      running = undefined;
    }
  };
  return {
    wrote: (changes) => {
      pending += changes;
      if (pending >= threshold && running === undefined) {
        pending = 0;
        running = analyze();
      }
    },
    settled: async () => {
      await running;
    },
  };
}
