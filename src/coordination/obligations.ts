import type { Encounter } from '@medplum/fhirtypes';
import { EXCHANGE, type ExchangeCode } from '../fhir/canonical.ts';
import { type Agreement, readAgreement } from './agreement.ts';
import { agreedDischarge, anchorsOf } from './anchors.ts';
import type { Calendar } from './calendar.ts';
import { createEvaluator, type Evaluator, type ProblemListener } from './condition.ts';
import { isOwedBeforeAnchor } from './deadline.ts';
import { dueInstant } from './due.ts';
import { shift } from './duration.ts';
import type { Agreements, StayFacts } from './facts/facts.ts';
import { type Fulfilment, fulfilmentOf } from './fulfilment.ts';
import { instantText, type Moment, momentOf } from './moment.ts';
import type { ObligationRule } from './obligation-rule.ts';

/** Why a stay owes nothing under a code, or no longer. */
export type Withdrawal =
  | 'entered-in-error'
  | 'not-admitted'
  | 'no-course'
  | 'no-agreement'
  | 'not-applicable'
  | 'short-stay'
  | 'not-yet-owed';

/** How one of the six obligations stands for a stay. A function of the facts alone: no clock. */
export type Obligation =
  | {
      readonly code: ExchangeCode;
      readonly standing: 'owed' | 'fulfilled';
      readonly rule: ObligationRule;
      readonly agreement: Agreement;
      /** FHIR instant, the last at which it is still met; absent while its anchor is not known. */
      readonly due?: string;
      /** Present when fulfilled, in time or late. */
      readonly fulfilment?: Fulfilment;
    }
  | {
      readonly code: ExchangeCode;
      readonly standing: 'withdrawn';
      readonly withdrawal: Withdrawal;
      /** The agreement's words for the condition that does not hold. */
      readonly because?: string;
    };

/** The six obligations of a stay, each in its standing (blueprint §3.3, docs/obligations.md). */
export function obligationsOf(
  facts: StayFacts,
  calendar: Calendar,
  onProblem?: ProblemListener,
): Obligation[] {
  const evaluator = createEvaluator(facts, calendar, onProblem);
  return Object.values(EXCHANGE).map((code) => obligationOf(code, facts, calendar, evaluator));
}

function obligationOf(
  code: ExchangeCode,
  facts: StayFacts,
  calendar: Calendar,
  evaluator: Evaluator,
): Obligation {
  const withdrawn = (withdrawal: Withdrawal, because?: string): Obligation => ({
    code,
    standing: 'withdrawn',
    withdrawal,
    ...(because === undefined ? {} : { because }),
  });
  const byStatus = withdrawalByStatus(facts.stay);
  if (byStatus !== undefined) return withdrawn(byStatus);
  if (facts.course === undefined) return withdrawn('no-course');
  const governing = ruleFor(code, facts.agreements);
  if (governing === undefined) return withdrawn('no-agreement');
  const { rule, agreement } = governing;
  const unmet = evaluator.firstUnmet(rule.applicability, agreement.plan);
  if (unmet !== undefined) return withdrawn('not-applicable', unmet.description);
  if (isShorterThanMinimum(rule, facts, calendar)) return withdrawn('short-stay');

  const { anchor, expected } = anchorOf(rule, facts, calendar);
  if (anchor === undefined && !isOwedBeforeAnchor(rule.deadline)) return withdrawn('not-yet-owed');
  const basis = anchor ?? expected;
  const due = basis === undefined ? undefined : dueInstant(rule.deadline, basis, calendar);
  const fulfilment = fulfilmentOf(rule, facts, anchor, calendar, (candidate) =>
    evaluator.allHold(rule.fulfilment, agreement.plan, candidate),
  );
  return {
    code,
    standing: fulfilment === undefined ? 'owed' : 'fulfilled',
    rule,
    agreement,
    ...(due === undefined ? {} : { due: instantText(due) }),
    ...(fulfilment === undefined ? {} : { fulfilment }),
  };
}

/** What the status of a stay alone withdraws; undefined for a stay that has begun. */
export function withdrawalByStatus(stay: Encounter): Withdrawal | undefined {
  if (stay.status === 'entered-in-error') return 'entered-in-error';
  return stay.status === 'planned' || stay.status === 'cancelled' ? 'not-admitted' : undefined;
}

/** Obligations at admission are ruled by the agreement of that day, all others by that of the discharge. */
function ruleFor(
  code: ExchangeCode,
  agreements: Agreements,
): { readonly rule: ObligationRule; readonly agreement: Agreement } | undefined {
  for (const [plan, isAdmission] of [
    [agreements.atAdmission, true],
    [agreements.atDischarge, false],
  ] as const) {
    if (plan === undefined) continue;
    const agreement = readAgreement(plan);
    const rule = agreement.obligations.get(code);
    if (rule !== undefined && (rule.deadline.anchor === 'admission') === isAdmission)
      return { rule, agreement };
  }
  return undefined;
}

/** The anchor, and, until the discharge has happened, the time agreed for it. */
function anchorOf(
  rule: ObligationRule,
  facts: StayFacts,
  calendar: Calendar,
): { readonly anchor: Moment | undefined; readonly expected: Moment | undefined } {
  const name = rule.deadline.anchor;
  return {
    anchor: momentOf(anchorsOf(facts)[name], calendar),
    expected: name === 'discharge' ? momentOf(agreedDischarge(facts), calendar) : undefined,
  };
}

/** Only a stay that has ended can be too short; of imprecise times, one that cannot have been long enough. */
function isShorterThanMinimum(rule: ObligationRule, facts: StayFacts, calendar: Calendar): boolean {
  const admission = momentOf(facts.stay.period?.start, calendar);
  const discharge = momentOf(facts.stay.period?.end, calendar);
  if (rule.minimumStay === undefined || admission === undefined || discharge === undefined) return false;
  return discharge.latest < shift(admission.earliest, rule.minimumStay, calendar);
}
