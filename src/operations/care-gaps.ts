import { type CareGapsRequest, careGaps } from '../measures/care-gaps.ts';
import type { Operation } from './operation.ts';

/** `Measure/$care-gaps` (docs/operations/care-gaps.md). */
export const careGapsOperation: Operation = {
  name: 'care-gaps',
  definition: 'http://hl7.org/fhir/OperationDefinition/Measure-care-gaps',
  title: 'Gaps in care',
  documentation: 'A document of what is missing for one citizen, and when it is or was due.',
  levels: ['type'],
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
    {
      name: 'topic',
      min: 0,
      max: '1',
      type: 'string',
      documentation: 'all, a parameter such as P4, or the id of a Measure; required.',
    },
    { name: 'subject', min: 0, max: '1', type: 'string', documentation: 'Patient/[id]; required.' },
    {
      name: 'asOf',
      min: 0,
      max: '1',
      type: 'dateTime',
      documentation: 'The time of asking; now unless told. Of Overgang.',
    },
  ],
  run: async ({ store, input, calendar }) => {
    const request: Record<string, string> = {};
    for (const { name } of careGapsOperation.parameters) {
      const value = input.text(name);
      if (value !== undefined) request[name] = value;
    }
    return { resource: await careGaps(store, request as CareGapsRequest, { calendar }) };
  },
};
