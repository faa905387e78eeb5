import { badRequest, FhirError } from '../../fhir/outcome.ts';
import { runBatch } from '../bundle/batch.ts';
import { type Entry, readEntry } from '../bundle/entry.ts';
import { responseBundle } from '../bundle/response-bundle.ts';
import { runTransaction } from '../bundle/transaction.ts';
import { resourceBody } from '../formats/resource-body.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';

/** POST [base] with a Bundle of type batch or transaction (R4 http.html#transaction). */
export async function batch(context: Context, request: FhirRequest): Promise<FhirResponse> {
  const bundle = resourceBody(request.body, 'Bundle') as { type?: unknown; entry?: unknown };
  const { type, entry = [] } = bundle;
  if (type !== 'batch' && type !== 'transaction') {
    throw badRequest(
      'Send a Bundle of type batch or transaction here; store other Bundles at /Bundle.',
      'Bundle.type',
    );
  }
  if (!Array.isArray(entry)) throw badRequest('Bundle.entry must be a list.', 'Bundle.entry', 'structure');
  const { prefer } = request.headers;
  const read = (raw: unknown, index: number): Entry => readEntry(raw, index, context.baseUrl, prefer);
  const answers =
    type === 'transaction'
      ? await runTransaction(context, entry.map(read))
      : await runBatch(context, entry.map(orError(read)), context.failed);
  return { status: 200, content: responseBundle(type, answers, context.baseUrl) };
}

/** In a batch an entry that cannot be read fails alone. */
function orError(
  read: (raw: unknown, index: number) => Entry,
): (raw: unknown, index: number) => Entry | FhirError {
  return (raw, index) => {
    try {
      return read(raw, index);
    } catch (error) {
      if (error instanceof FhirError) return error;
      throw error;
    }
  };
}
