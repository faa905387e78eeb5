import type { FhirResponse } from '../request/exchange.ts';

/**
 * JSON text of what a request that was answered later is answered with (R5 async-bundle.html): a Bundle of type
 * batch-response with one entry, its status as the request itself would have had it.
 */
export function answerBundle(response: FhirResponse): string {
  const status = String(response.status);
  const content = response.raw === undefined ? response.content : binary(response.raw);
  const entry =
    content === undefined
      ? `{"response":{"status":"${status}"}}`
      : response.status < 400
        ? `{"resource":${content},"response":{"status":"${status}"}}`
        : `{"response":{"status":"${status}","outcome":${content}}}`;
  return `{"resourceType":"Bundle","type":"batch-response","entry":[${entry}]}`;
}

/** What is no resource (CSV, HTML) comes as one. */
function binary({ text, contentType }: { readonly text: string; readonly contentType: string }): string {
  return JSON.stringify({
    resourceType: 'Binary',
    contentType,
    data: Buffer.from(text, 'utf8').toString('base64'),
  });
}
