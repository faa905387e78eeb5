import { availableParallelism } from 'node:os';
import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';

/** What evaluation may take. Criteria are a program that somebody sent: it may never end, or ask for all memory. */
export interface EvaluationLimits {
  /** Threads that evaluate. */
  readonly threads: number;
  /** Stays that a step of filling takes for each thread: what was done of them when it is interrupted is done again. */
  readonly batch: number;
  /** Milliseconds that one Measure may take on one member. */
  readonly perMember: number;
  /** Milliseconds that a Measure may take on the average member, once it has taken {@link AVERAGE_OVER}. */
  readonly average: number;
  /** Milliseconds that an evaluation which somebody waits for may take as a whole. */
  readonly whole: number;
  /** MiB of memory a thread may use. */
  readonly memory: number;
}

export const DEFAULT_LIMITS: EvaluationLimits = {
  // One processor is left to those who read and write.
  threads: Math.max(1, Math.min(8, availableParallelism() - 1)),
  // Counts of verdicts cost less in larger transactions; but an answer may have to wait for a step.
  batch: 1_000,
  perMember: 5_000,
  average: 100,
  whole: 120_000,
  memory: 512,
};

/** Milliseconds of a Measure's work after which its average counts: the first members pay for warming up. */
export const AVERAGE_OVER = 10_000;

/** The evaluation of a Measure was ended because it took too much. */
export class EvaluationEnded extends FhirError {
  /** `url|version` of the Measure to blame. */
  readonly measure: string;
  readonly reason: string;

  constructor(measure: string, reason: string) {
    super(422, [endedIssue(measure, reason)]);
    this.name = 'EvaluationEnded';
    this.measure = measure;
    this.reason = reason;
  }
}

/** @param reason completes "…: its criteria …" */
function endedIssue(measure: string, reason: string): OperationOutcomeIssue {
  return errorIssue(
    'too-costly',
    `The evaluation of ${measure} was ended: its criteria ${reason}. Simplify them and store the Measure anew`,
    'Parameters.measure',
  );
}
