import { careGaps } from '../measures/care-gaps.ts';
import { dataRequirements } from '../measures/data-requirements.ts';
import { evaluateMeasure } from '../measures/evaluate-measure.ts';
import { evaluateSeries } from '../measures/evaluate-series.ts';
import { explainStay } from '../measures/stays/explain-stay.ts';
import type { Operation, OperationCall } from './operation.ts';
import { optional } from './terminology.ts';

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
    MEASURE,
    optional('reportType', 'code', 'subject, subject-list or population.'),
    optional('subject', 'string', 'Patient/[id] or Encounter/[id].'),
    optional(
      'practitioner',
      'string',
      'Practitioner/[id]: only citizens whose course this coordinator manages.',
    ),
    optional('lastReceivedOn', 'dateTime', 'When the last report was received; for reportType subject.'),
    AS_OF,
    optional('series', 'code', 'month, quarter or year: a Bundle of summaries, one for each in the period.'),
  ],
  run: async (call) => {
    const request = texts(call);
    const { series } = request;
    const options = { calendar: call.calendar };
    return {
      resource:
        series === undefined
          ? await evaluateMeasure(call.store, request, options)
          : await evaluateSeries(call.store, { ...request, series }, options),
    };
  },
};

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
