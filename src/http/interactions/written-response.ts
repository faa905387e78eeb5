import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Written } from '../../store/store.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { parsePrefer } from '../request/prefer.ts';
import { writtenHeaders } from '../request/version-headers.ts';

const TEXT: Readonly<Record<Written['outcome'], string>> = {
  created: 'Created.',
  updated: 'Updated.',
  unchanged: 'Nothing changed; the stored version was kept.',
  deleted: 'Deleted.',
};

/** The answer to a write: 201 or 200, with the body that `Prefer: return` asks for (R4 http.html#return). */
export function writtenResponse(context: Context, request: FhirRequest, written: Written): FhirResponse {
  const status = written.outcome === 'created' ? 201 : 200;
  const headers = writtenHeaders(context.baseUrl, written);
  const wanted = parsePrefer(request.headers.prefer).return;
  const answer = { status, headers, lastUpdated: written.lastUpdated };
  if (wanted === 'minimal') return answer;
  if (wanted === 'OperationOutcome') return { ...answer, content: JSON.stringify(outcomeOf(written)) };
  return { ...answer, content: written.content };
}

function outcomeOf(written: Written): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'information',
        code: 'informational',
        diagnostics: `${TEXT[written.outcome]} ${written.type}/${written.id}, version ${written.version}.`,
      },
    ],
  };
}
