import type { Resource } from '@medplum/fhirtypes';
import { badRequest } from '../fhir/outcome.ts';
import { collectData } from '../measures/collect-data.ts';
import { submitData } from '../measures/submit-data.ts';
import type { Operation } from './operation.ts';
import { optional } from './terminology.ts';

/** `Measure/$collect-data`, `Measure/[id]/$collect-data` (docs/operations/collect-data.md). */
export const collectDataOperation: Operation = {
  name: 'collect-data',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-collect-data',
  title: 'The data that a Measure rests on',
  documentation:
    'A MeasureReport of type data-collection, and the resources that the Measure is computed from.',
  levels: ['type', 'instance'],
  types: ['Measure'],
  affectsState: false,
  mayBeAsync: true,
  parameters: [
    optional('periodStart', 'date', 'Begin of the measurement period: year, month or day; required.'),
    optional('periodEnd', 'date', 'End of the measurement period, included; required.'),
    optional('measure', 'string', 'The Measure: canonical URL, Measure/[id] or id. At type level.'),
    optional('subject', 'string', 'Patient/[id] or Encounter/[id]; all unless given.'),
    optional(
      'practitioner',
      'string',
      'Practitioner/[id]: only citizens whose course this coordinator manages.',
    ),
    optional('lastReceivedOn', 'dateTime', 'Only what changed since; with subject.'),
  ],
  run: async ({ store, calendar, input, id, parameters }) => {
    const request: Record<string, string> = id === undefined ? {} : { measureId: id };
    for (const { name = '' } of parameters.parameter ?? []) request[name] = input.text(name) as string;
    return { resource: await collectData(store, request, { calendar }) };
  },
};

/** `Measure/$submit-data`, `Measure/[id]/$submit-data` (docs/operations/submit-data.md). */
export const submitDataOperation: Operation = {
  name: 'submit-data',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-submit-data',
  title: 'Send data for a Measure',
  documentation:
    'Stores a MeasureReport of type data-collection and the resources it brings, all or nothing.',
  levels: ['type', 'instance'],
  types: ['Measure'],
  affectsState: true,
  parameters: [
    {
      name: 'measureReport',
      min: 1,
      max: '1',
      type: 'MeasureReport',
      documentation: 'The report that names the Measure, the period and the subject.',
    },
    { name: 'resource', min: 0, max: '*', type: 'Resource', documentation: 'The data.' },
  ],
  run: async ({ store, calendar, input, id }) => ({
    resource: await submitData(
      store,
      {
        ...(id === undefined ? {} : { measureId: id }),
        measureReport: input.resource('measureReport'),
        resources: input.all('resource').map(resourceAt),
      },
      calendar,
    ),
  }),
};

function resourceAt(value: unknown, index: number): Resource {
  if (typeof (value as { resourceType?: unknown } | null | undefined)?.resourceType === 'string') {
    return value as Resource;
  }
  throw badRequest('The parameter resource is a resource', `Parameters.resource[${index}]`, 'structure');
}
