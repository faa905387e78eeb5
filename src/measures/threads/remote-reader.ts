import type { ContentsReader } from '../../coordination/stay-facts.ts';
import type { Question } from './messages.ts';

/** Asks whoever started the thread. */
export type Ask = (question: Question, given: readonly unknown[]) => Promise<unknown>;

/** A thread has no database: what it reads, it asks the one who has. */
export function remoteReader(ask: Ask): ContentsReader {
  const pass =
    <Q extends Question>(question: Q) =>
    (...given: Parameters<ContentsReader[Q]>) =>
      ask(question, given) as ReturnType<ContentsReader[Q]>;
  return {
    read: pass('read'),
    readMany: pass('readMany'),
    readVersion: pass('readVersion'),
    history: pass('history'),
    search: pass('search'),
    stayContents: pass('stayContents'),
  };
}
