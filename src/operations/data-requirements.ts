import { dataRequirements } from '../measures/data-requirements.ts';
import type { Operation } from './operation.ts';

/** `Measure/[id]/$data-requirements` (docs/operations/data-requirements.md). */
export const dataRequirementsOperation: Operation = {
  name: 'data-requirements',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-data-requirements',
  title: 'Data requirements of a Measure',
  documentation: 'Which resources a Measure is computed from, as a Library of type module-definition.',
  levels: ['instance'],
  types: ['Measure'],
  affectsState: false,
  parameters: [
    {
      name: 'periodStart',
      min: 0,
      max: '1',
      type: 'date',
      documentation: 'First day of the period; required.',
    },
    { name: 'periodEnd', min: 0, max: '1', type: 'date', documentation: 'Last day of the period; required.' },
  ],
  run: async ({ reader, input, id, calendar }) => {
    const periodStart = input.text('periodStart');
    const periodEnd = input.text('periodEnd');
    const request = {
      measureId: id as string,
      ...(periodStart === undefined ? {} : { periodStart }),
      ...(periodEnd === undefined ? {} : { periodEnd }),
    };
    return { resource: await dataRequirements(reader, request, { calendar }) };
  },
};
