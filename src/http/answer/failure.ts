import { errorIssue, FhirError, type IssueCode } from '../../fhir/outcome.ts';
import type { FhirResponse } from '../request/exchange.ts';
import { MethodNotAllowed } from '../request/route.ts';

/** Fastify's own refusals, which have a status below 500 and a code. */
interface CodedError {
  readonly statusCode?: number;
  readonly code?: string;
}

const EXPLAINED: Readonly<Record<string, readonly [status: number, code: IssueCode, text: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    'too-long',
    'The body is larger than this server accepts. Send it in parts.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'structure', 'Content-Length does not agree with the body sent.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'not-supported', 'Content-Type is not a media type.'],
  FST_ERR_BAD_URL: [400, 'invalid', 'The URL has a percent escape that is not valid UTF-8.'],
  FST_UNDER_PRESSURE: [503, 'throttled', 'The server is overloaded. Try again in a few seconds.'],
};

/** Turns whatever was thrown into a status and an OperationOutcome; what is not ours to tell becomes a plain 500. */
export function asFhirError(error: unknown): FhirError {
  if (error instanceof FhirError) return error;
  const coded = error as CodedError;
  const explained = coded?.code === undefined ? undefined : EXPLAINED[coded.code];
  if (explained !== undefined) return new FhirError(explained[0], [errorIssue(explained[1], explained[2])]);
  const status = coded?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) {
    return new FhirError(status, [errorIssue('invalid', 'The HTTP request cannot be understood.')]);
  }
  return new FhirError(500, [
    errorIssue(
      'exception',
      'The server failed. Nothing of this request was stored. The log has the details.',
    ),
  ]);
}

export function failureResponse(error: FhirError): FhirResponse {
  return {
    status: error.status,
    content: JSON.stringify(error.outcome),
    ...(error instanceof MethodNotAllowed ? { headers: { allow: error.allow } } : {}),
  };
}
