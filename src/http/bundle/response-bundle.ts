import { STATUS_CODES } from 'node:http';
import type { BundleEntry } from '@medplum/fhirtypes';
import type { FhirResponse } from '../request/exchange.ts';
import { bundleText, type EntryParts } from './bundle-text.ts';

const OUTCOME = '{"resourceType":"OperationOutcome"';

/** The answer to a batch or transaction: one entry an entry, in the order of the request. */
export function responseBundle(
  type: 'batch' | 'transaction',
  answers: readonly FhirResponse[],
  baseUrl: string,
): string {
  return bundleText({ type: `${type}-response`, entries: answers.map((answer) => entryOf(answer, baseUrl)) });
}

function entryOf(answer: FhirResponse, baseUrl: string): EntryParts {
  const { status, headers = {}, raw, lastUpdated } = answer;
  const content = answer.content ?? (raw === undefined ? undefined : binaryOf(raw));
  const { etag, location } = headers;
  // `Prefer: return=OperationOutcome` and errors: an outcome belongs into the response, not beside it.
  const outcome = content?.startsWith(OUTCOME) ? (JSON.parse(content) as object) : undefined;
  const response = {
    status: `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    ...(location === undefined ? {} : { location: location.replace(`${baseUrl}/`, '') }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastUpdated === undefined ? {} : { lastModified: lastUpdated }),
    ...(outcome === undefined ? {} : { outcome }),
  } as BundleEntry['response'];
  return { ...(content === undefined || outcome !== undefined ? {} : { content }), response };
}

/** What is no resource is a Binary within a Bundle (R4 binary.html). */
function binaryOf({ text, contentType }: { readonly text: string; readonly contentType: string }): string {
  return JSON.stringify({
    resourceType: 'Binary',
    contentType: contentType.split(';')[0],
    data: Buffer.from(text).toString('base64'),
  });
}
