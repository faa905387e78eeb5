import type { OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import { errorIssue } from '../fhir/outcome.ts';
import type { Effective } from './agreement-selection.ts';
import { type Day, isDay } from './day.ts';

/** Reads for whom and when a PlanDefinition holds, and adds an issue for each thing that is wrong with that. */
export function readEffective(plan: PlanDefinition, issues: OperationOutcomeIssue[]): Effective {
  const jurisdictions = (plan.jurisdiction ?? []).flatMap((concept) => concept.coding ?? []);
  if (jurisdictions.length === 0) {
    issues.push(
      errorIssue('required', 'Say whom it binds: a region (DK-82) or DK', 'PlanDefinition.jurisdiction'),
    );
  }
  for (const element of ['url', 'version'] as const) {
    if (!plan[element]) {
      issues.push(
        errorIssue(
          'required',
          `It needs a ${element}: what rests on it names it`,
          `PlanDefinition.${element}`,
        ),
      );
    }
  }
  const from = readDay(plan.effectivePeriod?.start, 'PlanDefinition.effectivePeriod.start', issues);
  const until = readDay(plan.effectivePeriod?.end, 'PlanDefinition.effectivePeriod.end', issues);
  if (from !== undefined && until !== undefined && until < from) {
    issues.push(errorIssue('value', 'The period ends before it begins', 'PlanDefinition.effectivePeriod'));
  }
  return {
    jurisdictions,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    plan,
  };
}

/** An effective period counts local days; a time of day in it would leave half a day without an agreement. */
function readDay(text: string | undefined, at: string, issues: OperationOutcomeIssue[]): Day | undefined {
  if (text === undefined || isDay(text)) return text;
  issues.push(errorIssue('value', 'It begins and ends with whole days: write 2026-01-01', at));
  return undefined;
}
