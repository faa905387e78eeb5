import type { PlanDefinition } from '@medplum/fhirtypes';
import { readAgreement } from '../../../src/coordination/agreement.ts';
import { createCalendar } from '../../../src/coordination/calendar.ts';
import { agreementsOf } from '../../../src/coordination/facts/agreements-of.ts';
import type { StayFacts } from '../../../src/coordination/stay-facts.ts';
import { ADMITTED, AGREEMENT_FILES, agreementFile, citizen, episode, ORGANIZATIONS, stay } from './stay.ts';

export const calendar = createCalendar();

/** Facts of an admitted citizen with a course and municipal services, under the published agreements. */
export function factsOf(
  more: Partial<StayFacts> = {},
  plans: readonly PlanDefinition[] = agreements(),
): StayFacts {
  const course = episode('coordination');
  const facts = {
    stay: stay({ start: ADMITTED }),
    patient: citizen(),
    course,
    episodes: [course, episode('municipal-services')],
    exchanges: [],
    plans: [],
    organizations: ORGANIZATIONS,
    ...more,
  };
  return { ...facts, agreements: more.agreements ?? agreementsOf(facts, plans.map(readAgreement), calendar) };
}

const agreements = (): PlanDefinition[] => AGREEMENT_FILES.map(agreementFile);
