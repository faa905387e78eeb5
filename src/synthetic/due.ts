import type { AgreementFacts } from './agreement-facts.ts';
import { type DayNumber, dayOf, endOfDay, HOUR, type Instant } from './clock.ts';
import { isBusinessDay } from './holidays.ts';

/** A due time is the last instant at which the obligation is still met. */

export function admissionReportDue(agreement: AgreementFacts, admission: Instant): Instant {
  return admission + agreement.reportHoursAfterAdmission * HOUR;
}

/** The joint plan must be agreed before the discharge itself. */
export function dischargePlanDue(discharge: Instant): Instant {
  return discharge - 1;
}

export function carePathwayPlanDue(agreement: AgreementFacts, discharge: Instant): Instant {
  return agreement.carePathwayPlan === 'day-before-discharge'
    ? endOfDay(dayOf(discharge) - 1)
    : discharge - 1;
}

export function readyForDischargeDue(endOfTreatment: Instant): Instant {
  return endOfDay(dayOf(endOfTreatment));
}

export function dischargeReportDue(discharge: Instant): Instant {
  return endOfDay(dayOf(discharge));
}

export function dischargeLetterDue(agreement: AgreementFacts, discharge: Instant): Instant {
  let day: DayNumber = dayOf(discharge);
  for (let left = agreement.letterBusinessDays; left > 0; ) {
    day += 1;
    if (isBusinessDay(day)) left -= 1;
  }
  return endOfDay(day);
}
