import type { Written } from '../../store/store.ts';
import { writtenResponse } from '../interactions/written-response.ts';
import type { Context, FhirResponse } from '../request/exchange.ts';
import { parsePrefer } from '../request/prefer.ts';
import { etag, writtenHeaders } from '../request/version-headers.ts';
import type { Entry } from './entry.ts';
import type { Target } from './targets.ts';

/** A Bundle's answer is minimal unless the client asks for the resources: 10,000 of them are seldom wanted back. */
export function answerOfWritten(context: Context, entry: Entry, written: Written): FhirResponse {
  if (written.outcome === 'deleted' || written.deleted) {
    return { status: 204, ...(written.version > 0 ? { headers: { etag: etag(written.version) } } : {}) };
  }
  const { prefer } = entry.request.headers;
  const asked = parsePrefer(prefer).returnAsked ? prefer : 'return=minimal';
  return writtenResponse(context, { ...entry.request, headers: { prefer: asked as string } }, written);
}

/** A conditional create that found its resource (200), or a conditional delete that found none (204). */
export function answerOfExisting(context: Context, { step, existing }: Target): FhirResponse {
  if (existing === undefined) return { status: 204 };
  const { return: wanted, returnAsked } = parsePrefer(step.entry.request.headers.prefer);
  return {
    status: 200,
    headers: writtenHeaders(context.baseUrl, existing),
    lastUpdated: existing.lastUpdated,
    ...(returnAsked && wanted === 'representation' ? { content: existing.content } : {}),
  };
}
