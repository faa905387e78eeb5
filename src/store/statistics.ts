import { setTimeout as wait } from 'node:timers/promises';
import type { Sql } from './sql.ts';

/** Keeps the planner's statistics in step with what was written. */
export interface StatisticsKeeper {
  /** To be told after each commit. */
  wrote(changes: number): void;
  /** Resolves when no ANALYZE is running; one that is put off does not take place any more. */
  stop(): Promise<void>;
}

const FIRST = 2_000;
/** Milliseconds of one look at how much is written, and changes in one that make a burst. */
const LOOK = 500;
const BURST = 50;
/** Milliseconds for which a burst puts ANALYZE off at most. */
const PATIENCE = 15_000;

/** Without the catalogs of PostgreSQL, which take as long and change little. */
const TABLES = `SELECT string_agg(quote_ident(relname), ', ') AS tables FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`;

/**
 * Runs ANALYZE in the background once the store has changed as often as it had resources when it last ran (at least
 * 2,000 times): a bulk load leaves the planner with statistics of an empty table, and PGlite has no autovacuum at all.
 * A failure costs speed, not correctness: the next growth tries again.
 *
 * It takes a core for most of a second. Once there are statistics it waits for the end of a burst of writes: 15 seconds
 * at most, and not beyond twice the growth.
 */
export function createStatisticsKeeper(sql: Sql): StatisticsKeeper {
  let pending = 0;
  let threshold = FIRST;
  let running: Promise<void> | undefined;
  let known = false;
  const stopped = new AbortController();
  const afterBurst = async () => {
    const until = performance.now() + PATIENCE;
    for (let before = -BURST; pending - before >= BURST && pending < 2 * threshold; ) {
      if (stopped.signal.aborted || performance.now() > until) return;
      before = pending;
      await wait(LOOK, undefined, { signal: stopped.signal, ref: false }).catch(() => {});
    }
  };
  const analyze = async () => {
    try {
      if (known) await afterBurst();
      if (stopped.signal.aborted) return;
      pending = 0;
      const [own] = await sql.query<{ tables: string }>(TABLES);
      await sql.query(`ANALYZE ${own?.tables}`);
      const [row] = await sql.query<{ rows: number }>(
        "SELECT greatest(reltuples, 0)::bigint AS rows FROM pg_class WHERE relname = 'resource'",
      );
      threshold = Math.max(FIRST, row?.rows ?? 0);
      known = true;
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
        running = analyze();
      }
    },
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
