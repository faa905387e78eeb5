import type { Calendar } from '../../coordination/calendar.ts';
import { factVariables } from '../../coordination/fact-variables.ts';
import { momentOf } from '../../coordination/moment.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import { dateTimeAt, fhirPathItems } from '../../fhir/fhirpath.ts';
import type { EvaluationContext } from './context.ts';

/** Variables that every Measure may use (docs/model.md, "The facts of a stay"). */
export const FACTS = [
  'stay',
  'patient',
  'course',
  'episodes',
  'exchanges',
  'plans',
  'organizations',
  'admission',
  'discharge',
  'endOfTreatment',
  'agreedDischarge',
] as const;
type FactName = (typeof FACTS)[number];

const TIMES: ReadonlySet<FactName> = new Set(['admission', 'discharge', 'endOfTreatment', 'agreedDischarge']);

/** A stay's facts as variables. */
export function stayContext(facts: StayFacts, calendar: Calendar): EvaluationContext {
  const given = factVariables(facts, undefined);
  const variables: Record<string, readonly unknown[]> = {};
  for (const name of FACTS) {
    const value = given[name];
    if (!TIMES.has(name)) {
      variables[name] = fhirPathItems(value);
      continue;
    }
    const moment = typeof value === 'string' ? momentOf(value, calendar) : undefined;
    variables[name] = moment === undefined ? [] : [dateTimeAt(moment.latest)];
  }
  return { focus: facts.stay, variables, agreements: facts.agreements, asOf: [] };
}
