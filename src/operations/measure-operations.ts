import { badRequest, errorIssue, FhirError } from '../fhir/outcome.ts';
import { careGaps } from '../measures/care-gaps.ts';
import { dataRequirements } from '../measures/data-requirements.ts';
import { evaluateMeasure } from '../measures/evaluate-measure.ts';
import { evaluateMeasures } from '../measures/evaluate-measures.ts';
import { evaluationStatus } from '../measures/kept/status.ts';
import { maskAnswer } from '../measures/masking/masker.ts';
import { localReference } from '../measures/references.ts';
import { asDeqm, type DeqmRequest } from '../measures/report/deqm.ts';
import { explainStay } from '../measures/stays/explain-stay.ts';
import type { Operation, OperationCall } from './operation.ts';
import { given, optional } from './terminology.ts';

const PERIOD = [
  optional('periodStart', 'date', 'Begin of the measurement period: year, month or day; required.'),
  optional('periodEnd', 'date', 'End of the measurement period, included; required.'),
];
const AS_OF = optional(
  'asOf',
  'dateTime',
  'The time of asking, which decides what was due; now unless told.',
);
const MEASURE = optional(
  'measure',
  'string',
  'The Measure: canonical URL, Measure/[id] or id. At type level.',
);

/** The parameters as plain texts; which are needed is for the measures to say. */
function texts({ input, id, parameters }: OperationCall): Record<string, string> {
  const request: Record<string, string> = id === undefined ? {} : { measureId: id };
  for (const { name = '' } of parameters.parameter ?? []) request[name] = input.text(name) as string;
  return request;
}

/** The values of a parameter that may be repeated; undefined when it is not given. @throws FhirError 400 */
function listed({ input }: OperationCall, name: string): string[] | undefined {
  const values = input.all(name);
  if (values.length === 0) return undefined;
  return values.map((value) => {
    if (typeof value === 'string') return value;
    throw badRequest(`The parameter ${name} must be text.`, `Parameters.${name}`);
  });
}

const shared = { types: ['Measure'], affectsState: false } as const;

/** `Measure/$evaluate-measure`, `Measure/[id]/$evaluate-measure` (docs/operations/evaluate-measure.md). */
export const evaluateMeasureOperation: Operation = {
  ...shared,
  name: 'evaluate-measure',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure',
  title: 'Evaluate a Measure',
  documentation: 'Computes a MeasureReport: individual, subject-list or summary.',
  levels: ['type', 'instance'],
  mayBeAsync: true,
  parameters: [
    ...PERIOD,
    {
      ...MEASURE,
      max: '*',
      documentation: `${MEASURE.documentation} Several: a Bundle of summaries, counted together.`,
    },
    optional('reportType', 'code', 'subject, subject-list or population.'),
    {
      ...optional('stratifier', 'code', 'Code of a stratifier that is wanted, or none; all unless told.'),
      max: '*',
    },
    {
      ...optional(
        'stratum',
        'string',
        '[stratifier]|[value], such as municipality|0751: a stratum that is wanted, and no other.',
      ),
      max: '*',
    },
    optional('subject', 'string', 'Patient/[id] or Encounter/[id].'),
    optional(
      'practitioner',
      'string',
      'Practitioner/[id]: only citizens whose course this coordinator manages.',
    ),
    optional('lastReceivedOn', 'dateTime', 'When the last report was received; for reportType subject.'),
    AS_OF,
    optional('smallNumbers', 'code', 'mask or show; what the server is set to unless told.'),
    optional(
      'profile',
      'canonical',
      'A profile of DEQM for MeasureReports, summary or individual, which the answer is to follow.',
    ),
    optional('reporter', 'string', 'Organization/[id]: who reports; with profile.'),
    optional('series', 'code', 'month, quarter or year: a Bundle of summaries, one for each in the period.'),
  ],
  run: async (call) => {
    const {
      smallNumbers,
      stratifier: _,
      stratum: __,
      measure: ___,
      series,
      profile,
      reporter,
      ...request
    } = texts(call);
    const deqm = deqmRequest(profile, reporter);
    const measures = listed(call, 'measure');
    const stratifiers = listed(call, 'stratifier');
    const strata = listed(call, 'stratum');
    const masked = isMasked(call, smallNumbers);
    if (masked) refuseNarrow(request);
    // One time of asking for the answer and for what decides what of it may be shown.
    const now = new Date().toISOString();
    const asked = given({ ...request, asOf: request.asOf ?? now, stratifiers, strata });
    const options = { calendar: call.calendar, now };
    const answer =
      series === undefined && (measures?.length ?? 0) < 2
        ? await evaluateMeasure(call.store, given({ ...asked, measure: measures?.[0] }), options)
        : await evaluateMeasures(call.store, given({ ...asked, measures, series }), options);
    const { calendar, smallNumbers: setting } = call;
    const shown = masked
      ? await maskAnswer(call.store, answer, { calendar, asOf: asked.asOf, threshold: setting.below })
      : answer;
    return { resource: deqm === undefined ? shown : await asDeqm(call.store, shown, deqm) };
  },
};

/** @throws FhirError 400 for a reporter that is no reference, or of whom nothing tells */
function deqmRequest(profile: string | undefined, reporter: string | undefined): DeqmRequest | undefined {
  const reference = localReference(reporter);
  if (reporter !== undefined && (profile === undefined || reference === undefined)) {
    throw badRequest(
      'reporter is a reference such as Organization/[id], and goes with profile',
      'Parameters.reporter',
      'value',
    );
  }
  return profile === undefined ? undefined : given({ profile, reporter: reference });
}

/** @throws FhirError 400 for another word, 403 where nobody is shown small numbers */
function isMasked({ smallNumbers }: OperationCall, asked: string | undefined): boolean {
  if (asked !== undefined && asked !== 'mask' && asked !== 'show') {
    throw badRequest('smallNumbers is mask or show', 'Parameters.smallNumbers', 'code-invalid');
  }
  if (asked === 'show' && smallNumbers.mode === 'mask') {
    throw new FhirError(403, [
      errorIssue(
        'forbidden',
        'This server shows small numbers to nobody: OVERGANG_SMALL_NUMBERS=show would have to be set where it runs',
        'Parameters.smallNumbers',
      ),
    ]);
  }
  return (asked ?? smallNumbers.mode) === 'mask';
}

/** Counts of one coordinator or one citizen are small by their nature; a report on a citizen is no count. */
function refuseNarrow({ subject, practitioner, reportType }: Record<string, string | undefined>): void {
  if (reportType === 'subject' || (reportType === undefined && subject !== undefined)) return;
  const name = practitioner !== undefined ? 'practitioner' : subject !== undefined ? 'subject' : undefined;
  if (name === undefined) return;
  throw badRequest(
    `Small numbers are masked here, and counts for one ${name} are small: leave it out, or ask for reportType=subject`,
    `Parameters.${name}`,
    'business-rule',
  );
}

/** `Measure/$care-gaps` (docs/operations/care-gaps.md). */
export const careGapsOperation: Operation = {
  ...shared,
  name: 'care-gaps',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-care-gaps',
  title: 'What is missing for a citizen',
  documentation: 'A document of what is missing for one citizen, and when it is or was due.',
  levels: ['type'],
  parameters: [
    ...PERIOD,
    optional('topic', 'string', 'all, a parameter such as P4, or the id of a Measure; required.'),
    optional('subject', 'string', 'Patient/[id]; required.'),
    AS_OF,
  ],
  run: async (call) => ({ resource: await careGaps(call.store, texts(call), { calendar: call.calendar }) }),
};

/** `Measure/[id]/$data-requirements` (docs/operations/data-requirements.md). */
export const dataRequirementsOperation: Operation = {
  ...shared,
  name: 'data-requirements',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-data-requirements',
  title: 'What a Measure is computed from',
  documentation: 'The resource types that the expressions of a Measure reach.',
  levels: ['instance'],
  parameters: PERIOD,
  run: async (call) => {
    const request = { ...texts(call), measureId: call.id as string };
    return { resource: await dataRequirements(call.reader, request, { calendar: call.calendar }) };
  },
};

/** `$explain`, of Overgang (docs/operations/explain.md). */
export const explainOperation: Operation = {
  ...shared,
  name: 'explain',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Measure-explain',
  title: 'Why a Measure says what it says',
  documentation: 'The reasons of one verdict: criteria, their parts, due time and letters.',
  levels: ['type', 'instance'],
  parameters: [MEASURE, optional('subject', 'string', 'The stay: Encounter/[id]; required.'), AS_OF],
  run: async (call) => ({
    resource: await explainStay(call.store, texts(call), { calendar: call.calendar }),
  }),
};

/** `$evaluation-status`, of Overgang (docs/operations/evaluation-status.md). */
export const evaluationStatusOperation: Operation = {
  ...shared,
  name: 'evaluation-status',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Measure-evaluation-status',
  title: 'How Measures are evaluated now',
  documentation: 'From kept verdicts, while they are made (with progress), directly, or no more and why.',
  levels: ['type', 'instance'],
  parameters: [],
  run: async (call) => ({
    resource: await evaluationStatus(call.store, call.id, { calendar: call.calendar }),
  }),
};
