import type { CarePlan, Communication, Extension, Reference } from '@medplum/fhirtypes';
import { EXCHANGE, EXTENSION } from '../fhir/canonical.ts';
import { hasCategory } from './anchors.ts';
import type { Calendar } from './calendar.ts';
import { shift } from './duration.ts';
import type { StayFacts } from './facts/facts.ts';
import { type Moment, momentOf } from './moment.ts';
import type { ObligationRule } from './obligation-rule.ts';

/** What met an obligation, and when. */
export interface Fulfilment {
  readonly by: Reference;
  /** FHIR dateTime as the resource gives it. */
  readonly at: string;
}

interface Candidate {
  readonly resource: Communication | CarePlan;
  readonly at: string;
  readonly moment: Moment;
}

/**
 * The first that meets the obligation: the joint plan when the later of the two sectors agreed to it, anything else
 * when it was sent (received, where the sender's time is not known). What was sent before the agreement's earliest
 * time does not count, nor what `counts` refuses; what comes after the due time does, late. An imprecise time counts from its earliest instant.
 */
export function fulfilmentOf(
  rule: ObligationRule,
  facts: StayFacts,
  anchor: Moment | undefined,
  calendar: Calendar,
  counts: (candidate: Communication | CarePlan) => boolean,
): Fulfilment | undefined {
  const notBefore =
    anchor === undefined || rule.earliest === undefined
      ? Number.NEGATIVE_INFINITY
      : shift(anchor.earliest, rule.earliest, calendar, -1);
  const candidates = (
    rule.code === EXCHANGE.dischargePlan ? agreedPlans(facts, calendar) : sent(rule.code, facts, calendar)
  )
    .filter((candidate) => candidate.moment.latest >= notBefore)
    .sort((a, b) => a.moment.earliest - b.moment.earliest || compareText(a.resource.id, b.resource.id));
  const first = candidates.find(({ resource }) => counts(resource));
  if (first === undefined) return undefined;
  return { by: { reference: `${first.resource.resourceType}/${first.resource.id}` }, at: first.at };
}

function sent(code: string, facts: StayFacts, calendar: Calendar): Candidate[] {
  return facts.exchanges.flatMap((exchange) => {
    if (exchange.status !== 'completed' || !hasCategory(exchange, code)) return [];
    return candidate(exchange, exchange.sent ?? exchange.received, calendar);
  });
}

function agreedPlans(facts: StayFacts, calendar: Calendar): Candidate[] {
  return facts.plans.flatMap((plan) =>
    hasCategory(plan, EXCHANGE.dischargePlan) ? candidate(plan, agreedAt(plan, calendar), calendar) : [],
  );
}

function candidate(resource: Candidate['resource'], at: string | undefined, calendar: Calendar): Candidate[] {
  const moment = momentOf(at, calendar);
  return at === undefined || moment === undefined ? [] : [{ resource, at, moment }];
}

/** When both sectors had agreed to a joint plan: the later of their first agreements; undefined while one has not. */
function agreedAt(plan: CarePlan, calendar: Calendar): string | undefined {
  const agreements = (plan.contributor ?? [])
    .flatMap((contributor) => contributor.extension ?? [])
    .filter((extension) => extension.url === EXTENSION.planAgreement);
  const [hospital, municipality] = ['hospital', 'municipality'].map((sector) =>
    agreements
      .filter((agreement) => part(agreement, 'sector')?.valueCode === sector)
      .map((agreement) => part(agreement, 'agreedAt')?.valueDateTime)
      .filter((time) => momentOf(time, calendar) !== undefined)
      .sort((a, b) => instant(a, calendar) - instant(b, calendar))
      .at(0),
  );
  if (hospital === undefined || municipality === undefined) return undefined;
  return instant(hospital, calendar) >= instant(municipality, calendar) ? hospital : municipality;
}

const part = (extension: Extension, url: string): Extension | undefined =>
  extension.extension?.find((candidate) => candidate.url === url);

const instant = (time: string | undefined, calendar: Calendar): number =>
  momentOf(time, calendar)?.earliest ?? Number.NaN;

const compareText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
