import type { Communication, Extension } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXCHANGE, EXTENSION } from '../fhir/canonical.ts';
import type { Anchors } from './due.ts';
import type { StayFacts } from './facts/facts.ts';

/**
 * When the stay's anchors were, as FHIR dateTimes:
 * - `admission`: `period.start`; `discharge`: `period.end`.
 * - `end-of-treatment`: the stay's own extension, else that of the latest ready-for-discharge notice that has one,
 *   else of the latest discharge report.
 */
export function anchorsOf(facts: Pick<StayFacts, 'stay' | 'exchanges'>): Anchors {
  const { start, end } = facts.stay.period ?? {};
  const endOfTreatment =
    dateTime(facts.stay.extension, EXTENSION.endOfTreatment) ??
    latestNamed(facts.exchanges, EXCHANGE.readyForDischarge) ??
    latestNamed(facts.exchanges, EXCHANGE.dischargeReport);
  return {
    ...(start === undefined ? {} : { admission: start }),
    ...(end === undefined ? {} : { discharge: end }),
    ...(endOfTreatment === undefined ? {} : { 'end-of-treatment': endOfTreatment }),
  };
}

/** The agreed time of discharge, from the stay, else from the latest plan that names one. */
export function agreedDischarge(facts: Pick<StayFacts, 'stay' | 'plans'>): string | undefined {
  return (
    dateTime(facts.stay.extension, EXTENSION.agreedDischarge) ??
    facts.plans
      .map((plan) => dateTime(plan.extension, EXTENSION.agreedDischarge))
      .filter((time) => time !== undefined)
      .at(-1)
  );
}

/** Whether a category code of CodeSystem/exchange is among the categories. */
export function hasCategory(resource: Pick<Communication, 'category'>, code: string): boolean {
  return (resource.category ?? []).some((concept) =>
    (concept.coding ?? []).some((coding) => coding.system === CODE_SYSTEM.exchange && coding.code === code),
  );
}

function dateTime(extensions: readonly Extension[] | undefined, url: string): string | undefined {
  return extensions?.find((extension) => extension.url === url)?.valueDateTime;
}

/** Facts hold exchanges by the time they were sent, so the last one is the latest. */
function latestNamed(exchanges: readonly Communication[], category: string): string | undefined {
  return exchanges
    .filter((exchange) => exchange.status === 'completed' && hasCategory(exchange, category))
    .map((exchange) => dateTime(exchange.extension, EXTENSION.endOfTreatment))
    .filter((time) => time !== undefined)
    .at(-1);
}
