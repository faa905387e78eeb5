import type { MeasureReport, OperationOutcome } from '@medplum/fhirtypes';
import type { Verdict } from './stays/verdict.ts';

/** Failures told one by one; the first is the one to mend. */
const TOLD = 20;

/**
 * A report in which members could not be evaluated has the status `error` and says so in a contained
 * OperationOutcome: which members, and why, without their data. Its counts leave them out.
 */
export function addFailures(report: MeasureReport, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) return;
  const outcome: OperationOutcome = {
    resourceType: 'OperationOutcome',
    id: 'failures',
    issue: [
      {
        severity: 'error',
        code: 'processing',
        diagnostics: `${failed.length} members could not be evaluated and are not counted`,
      },
      ...failed.slice(0, TOLD).map(({ member, failure = '' }) => ({
        severity: 'error' as const,
        code: 'processing' as const,
        diagnostics: `${member}: ${failure}`,
      })),
    ],
  };
  report.status = 'error';
  report.contained = [...(report.contained ?? []), outcome];
}
