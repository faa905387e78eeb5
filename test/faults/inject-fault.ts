import pg from 'pg';
import { Exchange } from '../../src/store/database/exchange.ts';

/**
 * Fails statements of any connection by their number: of several in one packet PostgreSQL itself fails the one and
 * skips those behind it, a single one fails before it reaches the database.
 */
const original = pg.Client.prototype.query;

export function injectFault(shouldFail: (number: number, text: string) => string | undefined): {
  statements: string[];
} {
  const seen = { statements: [] as string[] };
  const injectInto = ({ statements }: Exchange): void => {
    for (const [index, { text }] of statements.entries()) {
      seen.statements.push(text);
      const code = shouldFail(seen.statements.length, text);
      if (code !== undefined) {
        const raise = `DO $$BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '${code}'; END$$`;
        statements[index] = { text: raise, values: [] };
        return;
      }
    }
  };
  pg.Client.prototype.query = function query(this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    if (first instanceof Exchange) {
      injectInto(first);
      return (original as (...all: unknown[]) => unknown).apply(this, args);
    }
    const text = typeof first === 'string' ? first : first.text;
    // Giving up is not work: it must succeed for the run to be repeated.
    if (text !== 'ROLLBACK') {
      seen.statements.push(text);
      const code = shouldFail(seen.statements.length, text);
      if (code !== undefined) {
        const error = Object.assign(new Error('injected'), { code });
        // The pool asks with a callback, a transaction with a promise.
        const callback = args.at(-1);
        if (typeof callback === 'function') {
          process.nextTick(callback as (failure: Error) => void, error);
          return undefined;
        }
        return Promise.reject(error);
      }
    }
    return (original as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof original;
  return seen;
}

export function mend(): void {
  pg.Client.prototype.query = original;
}
