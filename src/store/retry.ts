import { setTimeout as sleep } from 'node:timers/promises';
import { errorIssue, FhirError } from '../fhir/outcome.ts';

/** Serialization failure, deadlock. */
const TRANSIENT: ReadonlySet<string> = new Set(['40001', '40P01']);
const UNIQUE_VIOLATION = '23505';
const QUERY_CANCELED = '57014';
const ATTEMPTS = 10;

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
}

function isTransient(error: unknown): boolean {
  const { code, constraint } = (error ?? {}) as DatabaseError;
  if (code === undefined) {
    return false;
  }
  // Two writers created the same resource at once: run again, the second sees the first.
  return TRANSIENT.has(code) || (code === UNIQUE_VIOLATION && constraint === 'resource_pkey');
}

/** What a client is told of a database error that it can do something about; others pass as they are. */
export function explainError(error: unknown): unknown {
  const { code } = (error ?? {}) as DatabaseError;
  if (code === QUERY_CANCELED) {
    const advice =
      'The request took too long and was given up: add a selective parameter (an identifier, a reference, a date range), drop :contains, or ask for fewer resources';
    return new FhirError(422, [errorIssue('too-costly', advice)]);
  }
  if (isTransient(error)) {
    const advice = 'Other writers kept changing the same resources: repeat the request';
    return new FhirError(409, [{ ...errorIssue('lock-error', advice), severity: 'error' }]);
  }
  return error;
}

/**
 * Runs work again, from its start, when the database gave up on it for the sake of another transaction.
 * @throws FhirError 409 when it keeps failing, 422 when a statement ran into its time limit
 */
export async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isTransient(error)) {
        throw explainError(error);
      }
      // Jitter, so that two that met do not meet again.
      await sleep(Math.random() * Math.min(200, 5 * 2 ** attempt));
    }
  }
}
