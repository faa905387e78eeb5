import type { FastifyBaseLogger } from 'fastify';
import { onSharedFailure } from '../../medcom/intake/desk.ts';
import type { Store } from '../../store/store.ts';

/**
 * Warns of messages and letters that shared a transaction and had to be tried one by one: each costs a transaction of
 * its own then, so that many such lines mean a slow server.
 */
export function warnOfIntake(store: Store, log: Pick<FastifyBaseLogger, 'warn'>): void {
  onSharedFailure(store, (messages, error) => {
    log.warn({ messages, ...whatKind(error) }, 'messages that shared a transaction are stored one by one');
  });
}

/** Kind and place of an error without its words, which may repeat what was to be stored. */
function whatKind(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, status } = error as { readonly code?: unknown; readonly status?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
  };
}
