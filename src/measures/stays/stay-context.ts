import type { Calendar } from '../../coordination/calendar.ts';
import { factVariables } from '../../coordination/fact-variables.ts';
import { instantText, momentOf } from '../../coordination/moment.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import { dateTime } from '../report/items.ts';
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

const TIMES: readonly FactName[] = ['admission', 'discharge', 'endOfTreatment', 'agreedDischarge'];

/** A stay's facts as variables. */
export function stayContext(facts: StayFacts, calendar: Calendar): EvaluationContext {
  const variables = factVariables(facts, undefined);
  for (const name of TIMES) {
    const value = variables[name];
    const moment = typeof value === 'string' ? momentOf(value, calendar) : undefined;
    variables[name] = moment === undefined ? [] : [dateTime(instantText(moment.latest))];
  }
  return { focus: facts.stay, variables, agreements: facts.agreements, memo: new Map(), asOf: [] };
}
