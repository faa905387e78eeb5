import { badRequest } from '../../fhir/outcome.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { singleParameters } from '../request/page-parameters.ts';

/** GET [base]/metadata (R4 http.html#capabilities), mode full, normative or terminology. */
export async function capabilities(context: Context, request: FhirRequest): Promise<FhirResponse> {
  const { mode = 'full' } = singleParameters(request.query, ['mode']);
  if (mode !== 'full' && mode !== 'normative' && mode !== 'terminology') {
    throw badRequest('mode is full, normative or terminology.', 'http.mode');
  }
  return {
    status: 200,
    content: context.metadata(mode === 'terminology' ? 'terminology' : 'full', context.baseUrl),
  };
}
