import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { FhirError } from '../../fhir/outcome.ts';

export interface ChangeIssue {
  /** Position of the change among those given to `write`, from 0. */
  readonly change: number;
  readonly issue: OperationOutcomeIssue;
}

/** A refused write: nothing of it is stored. Says which change each issue of its outcome is about. */
export class WriteError extends FhirError {
  /** For each issue of the outcome the position of its change among those given to `write`, from 0. */
  readonly changeOf: readonly number[];

  constructor(status: number, issues: readonly ChangeIssue[]) {
    super(
      status,
      issues.map(({ issue }) => issue),
    );
    this.name = 'WriteError';
    this.changeOf = issues.map(({ change }) => change);
  }
}

/** The issues of an error about one change. */
export function issuesOf(error: FhirError, change: number): ChangeIssue[] {
  return (error.outcome.issue ?? []).map((issue) => ({ change, issue }));
}
