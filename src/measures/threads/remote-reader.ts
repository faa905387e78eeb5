import type { Reader } from '../../store/store.ts';
import type { Question } from './messages.ts';

/** Asks whoever started the thread. */
export type Ask = (question: Question, given: readonly unknown[]) => Promise<unknown>;

/** A thread has no database: what it reads, it asks the one who has. */
export function remoteReader(ask: Ask): Reader {
  const pass =
    <Q extends Question>(question: Q) =>
    (...given: Parameters<Reader[Q]>) =>
      ask(question, given) as ReturnType<Reader[Q]>;
  return {
    read: pass('read'),
    readMany: pass('readMany'),
    readVersion: pass('readVersion'),
    history: pass('history'),
    search: pass('search'),
  };
}
