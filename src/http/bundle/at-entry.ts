import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import type { Entry } from './entry.ts';

/** Runs `work`; what it throws then says in which entry of the Bundle the mistake is. */
export function atEntry<T>(entry: Entry, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inEntry(entry, error);
  }
}

/** As {@link atEntry}, for a promise. */
export async function atEntryAsync<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inEntry(entry, error);
  }
}

/** `Patient.birthDate` becomes `Bundle.entry[3].resource.birthDate`, `http.If-Match` names the entry's request. */
export function inEntry(entry: Entry, error: unknown): unknown {
  if (!(error instanceof FhirError)) return error;
  return new FhirError(
    error.status,
    error.outcome.issue.map((issue) => ({
      ...issue,
      expression: (issue.expression ?? ['request']).map((path) => placed(path, entry.expression)),
    })),
  );
}

/** An error of one entry. */
export function entryError(
  entry: Entry,
  status: number,
  code: 'invalid' | 'conflict' | 'duplicate',
  text: string,
  path: string,
): FhirError {
  return new FhirError(status, [errorIssue(code, text, `${entry.expression}.${path}`)]);
}

function placed(path: string, expression: string): string {
  if (path.startsWith('Bundle.entry[')) return path;
  if (path.startsWith('http.')) return `${expression}.request`;
  if (/^(request|resource)\b/.test(path)) return `${expression}.${path}`;
  return `${expression}.resource${path.replace(/^[A-Z][A-Za-z]*/, '')}`;
}
