import { EXCHANGE, type ExchangeCode } from '../../fhir/canonical.ts';
import { agreementFacts, type Region } from '../agreement-facts.ts';
import { dayOf, HOUR, type Instant, MINUTE } from '../clock.ts';
import {
  admissionReportDue,
  carePathwayPlanDue,
  dischargeLetterDue,
  dischargePlanDue,
  dischargeReportDue,
  readyForDischargeDue,
} from '../due.ts';
import type { Random } from '../random.ts';
import { type LetterRequest, meeting, missing, type PlannedLetters, waiting } from './letters.ts';
import { shareMet } from './performance.ts';
import type { Letter, PlantedVerdict, StayShape } from './types.ts';
import { isEmpty, type Window } from './window.ts';

/** What decides the verdicts of a stay besides its shape. */
export interface StayContext {
  readonly key: string;
  readonly region: Region;
  readonly inCourse: boolean;
  /** Whether the citizen receives municipal services at the admission. */
  readonly services: boolean;
  readonly hasPractice: boolean;
  readonly asOf: Instant;
  /** Only what letters can say (PopulationOptions). */
  readonly sayable: boolean;
}

/** What the letters planned before on the same stay tell already. */
export interface Told {
  /** A discharge report states the end of treatment. */
  readonly endOfTreatment: boolean;
}

/** One obligation of a stay: where it applies, from when to when it can be met. */
export interface Obligation {
  readonly measure: ExchangeCode;
  /** Why the measure does not count the stay, or leaves it out. */
  readonly outside?: { readonly verdict: 'not-applicable' | 'excluded'; readonly how: string };
  readonly anchor?: Instant;
  readonly window: Window;
}

type Outside = NonNullable<Obligation['outside']>;
const notApplicable = (how: string): Outside => ({ verdict: 'not-applicable', how });
const excluded = (how: string): Outside => ({ verdict: 'excluded', how });

/** Why a stay is left out of the measures of discharge, or of all when `dying` counts too. */
function exclusion(shape: StayShape, unlessDied: boolean): Outside | undefined {
  if (shape.enteredInError) return excluded('entered-in-error');
  if (shape.kind === 'emergency') return excluded('emergency-only');
  if (shape.died && !unlessDied) return excluded('died');
  return undefined;
}

/** The six obligations; `ending` is the discharge that will come, also where it is not known yet. */
export function obligationsOf(
  shape: StayShape,
  ending: Instant,
  context: StayContext,
): readonly Obligation[] {
  const { admission, discharge, endOfTreatment } = shape;
  const agreement = agreementFacts(context.region, dayOf(ending));
  const atAdmission = agreementFacts(context.region, dayOf(admission));
  const outsideCourse = context.inCourse ? undefined : notApplicable('no-course');
  const undischarged = discharge === undefined ? notApplicable('not-discharged') : undefined;
  const out = exclusion(shape, false);
  const tooShort =
    ending - admission < agreement.minimumStayHours * HOUR ? excluded('shorter-than-the-minimum') : undefined;
  const untold = endOfTreatment === undefined ? notApplicable('end-of-treatment-unknown') : undefined;
  const sameDay =
    endOfTreatment !== undefined && dayOf(ending) <= dayOf(endOfTreatment)
      ? notApplicable('discharged-the-same-day')
      : undefined;
  const treated = endOfTreatment ?? ending;
  const one = (
    measure: ExchangeCode,
    anchor: Instant | undefined,
    window: Window,
    ...reasons: (Outside | undefined)[]
  ): Obligation => {
    const outside = reasons.find((reason) => reason !== undefined);
    return { measure, window, ...(anchor === undefined ? {} : { anchor }), ...(outside ? { outside } : {}) };
  };
  const reportOwed = shape.reportRequested || context.services ? undefined : notApplicable('no-report-owed');
  const practice = context.hasPractice ? undefined : notApplicable('no-registered-practice');
  return [
    one(
      EXCHANGE.admissionReport,
      admission,
      { from: admission, until: admissionReportDue(atAdmission, admission) },
      ...[outsideCourse, reportOwed, exclusion(shape, true)],
    ),
    one(
      EXCHANGE.dischargePlan,
      discharge,
      { from: admission + HOUR, until: dischargePlanDue(ending) },
      ...[outsideCourse, undischarged, out, tooShort],
    ),
    one(
      EXCHANGE.carePathwayPlan,
      discharge,
      { from: admission + HOUR, until: carePathwayPlanDue(agreement, ending) },
      ...[outsideCourse, undischarged, out, tooShort],
    ),
    one(
      EXCHANGE.readyForDischarge,
      discharge,
      { from: Math.max(admission, treated - 20 * HOUR), until: readyForDischargeDue(treated) },
      ...[outsideCourse, untold, undischarged, sameDay, out],
    ),
    one(
      EXCHANGE.dischargeReport,
      discharge,
      { from: Math.max(admission, ending - 24 * HOUR), until: dischargeReportDue(ending) },
      ...[outsideCourse, undischarged, out],
    ),
    one(
      EXCHANGE.dischargeLetter,
      discharge,
      { from: ending + 5 * MINUTE, until: dischargeLetterDue(agreement, ending) },
      ...[outsideCourse, undischarged, practice, out],
    ),
  ];
}

export interface Fulfilment {
  readonly verdict: PlantedVerdict;
  readonly letters: readonly Letter[];
}

/**
 * Decides the verdict of one obligation fulfilled by letters, then the letters that make it true. Where letters are
 * all that is known of a stay, somebody must state the end of treatment for P4 to judge it: the report or a notice.
 */
export function fulfilByLetters(
  random: Random,
  obligation: Obligation,
  context: StayContext,
  admission: Instant,
  told: Told,
): Fulfilment {
  const { measure, window, anchor, outside } = obligation;
  const mustTell = measure === EXCHANGE.readyForDischarge && !told.endOfTreatment;
  const request: LetterRequest = {
    kind: measure as Letter['kind'],
    stayKey: context.key,
    window,
    notBefore: admission,
    asOf: context.asOf,
    mustBeSent: mustTell,
    sayable: context.sayable,
  };
  const base = { measure, ...(anchor === undefined ? {} : { anchor }) };
  if (outside !== undefined) {
    const silent =
      isEmpty(window) ||
      outside.how === 'end-of-treatment-unknown' ||
      (random.chance(0.3) && !(mustTell && outside.verdict === 'excluded'));
    const sent = silent ? undefined : meeting(random, request);
    return { verdict: { ...base, verdict: outside.verdict, how: outside.how }, letters: sent?.letters ?? [] };
  }
  const decided = (verdict: 'met' | 'not-met' | 'pending', planned: PlannedLetters): Fulfilment => ({
    verdict: {
      ...base,
      verdict,
      how: planned.how,
      due: window.until,
      ...(planned.actual === undefined ? {} : { actual: planned.actual }),
    },
    letters: planned.letters,
  });
  const met = random.chance(shareMet(measure, context.region)) ? meeting(random, request) : undefined;
  if (met !== undefined) return decided('met', met);
  if (window.until > context.asOf) return decided('pending', waiting(random, request));
  return decided('not-met', missing(random, request));
}
