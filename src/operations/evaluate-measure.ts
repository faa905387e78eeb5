import { evaluateMeasure } from '../measures/evaluate-measure.ts';
import type { EvaluateMeasureRequest } from '../measures/evaluate-request.ts';
import type { Operation, OperationParameter } from './operation.ts';

const text = (name: string, type: string, documentation: string): OperationParameter => ({
  name,
  min: 0,
  max: '1',
  type,
  documentation,
});

/** `Measure/$evaluate-measure`, `Measure/[id]/$evaluate-measure` (docs/operations/evaluate-measure.md). */
export const evaluateMeasureOperation: Operation = {
  name: 'evaluate-measure',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-evaluate-measure',
  title: 'Evaluate a Measure',
  documentation: 'Computes a MeasureReport: individual, subject-list or summary.',
  levels: ['type', 'instance'],
  types: ['Measure'],
  affectsState: false,
  parameters: [
    text('periodStart', 'date', 'First day of the measurement period; required.'),
    text('periodEnd', 'date', 'Last day of the measurement period; required.'),
    text('measure', 'string', 'The Measure: canonical URL, Measure/[id] or id. At type level.'),
    text('reportType', 'code', 'subject, subject-list or population.'),
    text('subject', 'string', 'Patient/[id] or Encounter/[id].'),
    text('practitioner', 'string', 'Practitioner/[id]: only citizens whose course this coordinator manages.'),
    text('lastReceivedOn', 'dateTime', 'When the last report was received; for reportType subject.'),
    text('asOf', 'dateTime', 'The time of asking, which decides what was due; now unless told. Of Overgang.'),
  ],
  run: async ({ store, input, id, calendar }) => {
    const request: Record<string, string> = {};
    for (const { name } of evaluateMeasureOperation.parameters) {
      const value = input.text(name);
      if (value !== undefined) request[name] = value;
    }
    if (id !== undefined) request.measureId = id;
    return { resource: await evaluateMeasure(store, request as EvaluateMeasureRequest, { calendar }) };
  },
};
