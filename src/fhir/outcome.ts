import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';

/**
 * An error that a client can understand: an HTTP status and the OperationOutcome that says what is wrong,
 * where (a FHIRPath expression) and how to mend it. Texts never carry a CPR number.
 */
export class FhirError extends Error {
  readonly status: number;
  readonly outcome: OperationOutcome;

  constructor(status: number, issues: readonly OperationOutcomeIssue[]) {
    super(issues.map((issue) => issue.diagnostics ?? issue.details?.text ?? issue.code).join('; '));
    this.name = 'FhirError';
    this.status = status;
    this.outcome = { resourceType: 'OperationOutcome', issue: [...issues] };
  }
}

export type IssueCode = OperationOutcomeIssue['code'];

/** One error issue; `expression` is the FHIRPath of the element, or of the parameter (`http.name` for a query). */
export function errorIssue(code: IssueCode, diagnostics: string, expression?: string): OperationOutcomeIssue {
  return {
    severity: 'error',
    code,
    diagnostics,
    ...(expression === undefined ? {} : { expression: [expression] }),
  };
}

/** 400: the request itself is wrong. */
export function badRequest(diagnostics: string, expression?: string, code: IssueCode = 'invalid'): FhirError {
  return new FhirError(400, [errorIssue(code, diagnostics, expression)]);
}

/** 404: no such resource, version, type or operation here. */
export function notFound(diagnostics: string, expression?: string): FhirError {
  return new FhirError(404, [errorIssue('not-found', diagnostics, expression)]);
}

/** 410: the resource was deleted. */
export function gone(diagnostics: string): FhirError {
  return new FhirError(410, [errorIssue('deleted', diagnostics)]);
}

/** 409: the request conflicts with the stored state. */
export function conflict(diagnostics: string, expression?: string): FhirError {
  return new FhirError(409, [errorIssue('conflict', diagnostics, expression)]);
}

/** 412: a precondition (If-Match, If-None-Exist, a conditional criterion) does not hold. */
export function preconditionFailed(diagnostics: string, expression?: string): FhirError {
  return new FhirError(412, [errorIssue('conflict', diagnostics, expression)]);
}

/** 422: well-formed, but against the rules of FHIR or of a profile. */
export function unprocessable(issues: readonly OperationOutcomeIssue[]): FhirError {
  return new FhirError(422, issues);
}
