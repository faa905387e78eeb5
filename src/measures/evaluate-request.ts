import type { Calendar } from '../coordination/calendar.ts';
import { badRequest } from '../fhir/outcome.ts';
import type { MeasureName } from './find-measure.ts';
import { localReference } from './references.ts';
import type { ChosenStratifiers } from './report/chosen.ts';
import { instantParameter, type MeasurementPeriod, measurementPeriod } from './report/period.ts';
import { COMPONENT } from './stays/verdict.ts';

/** The parameters of `$evaluate-measure` as they came (R4 Measure-evaluate-measure), and `asOf`, which is ours. */
export interface EvaluateMeasureRequest {
  /** Id of the Measure, when the operation was called on one. */
  readonly measureId?: string;
  /** Canonical URL (`url` or `url|version`), `Measure/[id]` or id, when it was called on the type. */
  readonly measure?: string;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly reportType?: string;
  /** `Patient/[id]` or `Encounter/[id]`. */
  readonly subject?: string;
  /** `Practitioner/[id]`: only citizens whose course this coordinator manages. */
  readonly practitioner?: string;
  readonly lastReceivedOn?: string;
  /** The time of asking: decides what was due; now unless told. */
  readonly asOf?: string;
  /** Codes of the stratifiers wanted, or `none` alone; all when absent. */
  readonly stratifiers?: readonly string[];
  /** `[stratifier]|[value]`: the only strata wanted, and no other stratifiers. */
  readonly strata?: readonly string[];
}

type ReportType = 'individual' | 'subject-list' | 'summary';

/** The same, checked. */
export interface Evaluation {
  readonly measure: MeasureName;
  readonly period: MeasurementPeriod;
  readonly type: ReportType;
  /** `Patient/[id]` or `Encounter/[id]` */
  readonly subject?: string;
  /** `Practitioner/[id]` or `PractitionerRole/[id]` */
  readonly practitioner?: string;
  readonly lastReceivedOn?: string;
  /** Instant, UTC, milliseconds. */
  readonly asOf: string;
  readonly stratifiers?: ChosenStratifiers;
}

const REPORT_TYPES: { readonly [code: string]: ReportType } = {
  subject: 'individual',
  'subject-list': 'subject-list',
  population: 'summary',
};

/** @throws FhirError 400 naming the parameter that is missing or wrong */
export function checkRequest(request: EvaluateMeasureRequest, calendar: Calendar, now: string): Evaluation {
  const subject = reference('subject', request.subject, ['Patient', 'Encounter']);
  const practitioner = reference('practitioner', request.practitioner, ['Practitioner', 'PractitionerRole']);
  const type = reportType(request.reportType, subject);
  if (request.lastReceivedOn !== undefined && type !== 'individual') {
    throw badRequest(
      'lastReceivedOn is only for reports on one subject',
      'Parameters.lastReceivedOn',
      'business-rule',
    );
  }
  return {
    measure: measureOf(request),
    period: measurementPeriod(request.periodStart, request.periodEnd, calendar),
    type,
    ...(subject === undefined ? {} : { subject }),
    ...(practitioner === undefined ? {} : { practitioner }),
    ...(request.lastReceivedOn === undefined
      ? {}
      : { lastReceivedOn: instantParameter('lastReceivedOn', request.lastReceivedOn, calendar) }),
    asOf: request.asOf === undefined ? now : instantParameter('asOf', request.asOf, calendar),
    ...chosenBy(request),
  };
}

function chosenBy({ stratifiers, strata }: EvaluateMeasureRequest): Pick<Evaluation, 'stratifiers'> {
  if (strata === undefined) {
    return stratifiers === undefined ? {} : { stratifiers: stratifiersOf(stratifiers) };
  }
  if (stratifiers === undefined) return { stratifiers: strataOf(strata) };
  throw badRequest(
    'stratum names its stratifier already, and others are not counted beside it: leave stratifier out',
    'Parameters.stratifier',
    'business-rule',
  );
}

function stratifiersOf(codes: readonly string[]): ChosenStratifiers {
  if (!codes.includes('none')) return new Map(codes.map((code) => [code, undefined]));
  if (codes.length === 1) return new Map();
  throw badRequest(
    'none is no stratifier: name it alone, or leave it out',
    'Parameters.stratifier',
    'business-rule',
  );
}

/** What the value `unknown` stands for in a report: none. */
const UNKNOWN = 'unknown';

function strataOf(texts: readonly string[]): ChosenStratifiers {
  const strata = new Map<string, Set<string>>();
  for (const text of texts) {
    const [code = '', ...values] = text.split('|');
    if (code === '' || values.length === 0 || values.includes('')) {
      throw badRequest(
        'stratum is the code of a stratifier and one of its values, such as municipality|0751',
        'Parameters.stratum',
        'value',
      );
    }
    const value = values.map((one) => (one === UNKNOWN ? '' : one)).join(COMPONENT);
    strata.set(code, (strata.get(code) ?? new Set()).add(value));
  }
  return strata;
}

function measureOf(request: EvaluateMeasureRequest): Evaluation['measure'] {
  if (request.measureId !== undefined) {
    if (request.measure === undefined) return { id: request.measureId };
    throw badRequest(
      'The Measure is named by the URL already: leave measure out',
      'Parameters.measure',
      'business-rule',
    );
  }
  if (request.measure) return { reference: request.measure };
  throw badRequest(
    'Name the Measure: its canonical URL, Measure/[id] or id',
    'Parameters.measure',
    'required',
  );
}

function reportType(code: string | undefined, subject: string | undefined): ReportType {
  const type = code === undefined ? (subject === undefined ? 'summary' : 'individual') : REPORT_TYPES[code];
  if (type === undefined) {
    throw badRequest(
      `reportType is one of ${Object.keys(REPORT_TYPES).join(', ')}`,
      'Parameters.reportType',
      'code-invalid',
    );
  }
  if (type === 'individual' && subject === undefined) {
    throw badRequest('A report on a subject needs the parameter subject', 'Parameters.subject', 'required');
  }
  return type;
}

/** The text may hold a CPR number by mistake, so it is never repeated. */
function reference(name: string, text: string | undefined, types: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const local = localReference(/^[A-Za-z0-9\-.]{1,64}$/.test(text) ? `${types[0]}/${text}` : text);
  if (local === undefined || !types.includes(local.split('/')[0] as string)) {
    throw badRequest(`${name} is a reference such as ${types[0]}/[id]`, `Parameters.${name}`, 'value');
  }
  return local;
}
