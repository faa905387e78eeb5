import { OVERGANG } from '../fhir/canonical.ts';
import { type ExplainRequest, explainStay } from '../measures/explain-stay.ts';
import type { Operation } from './operation.ts';

/** `Measure/$explain`, `Measure/[id]/$explain`, ours (docs/operations/explain.md). */
export const explainOperation: Operation = {
  name: 'explain',
  definition: `${OVERGANG}/OperationDefinition/Measure-explain`,
  title: 'Explain a verdict',
  documentation:
    'Why a Measure says what it says of one stay: each criterion, each part of it, each variable.',
  levels: ['type', 'instance'],
  types: ['Measure'],
  affectsState: false,
  parameters: [
    {
      name: 'subject',
      min: 0,
      max: '1',
      type: 'string',
      documentation: 'The stay, Encounter/[id]; required.',
    },
    {
      name: 'measure',
      min: 0,
      max: '1',
      type: 'string',
      documentation: 'The Measure: canonical URL, Measure/[id] or id. At type level.',
    },
    {
      name: 'asOf',
      min: 0,
      max: '1',
      type: 'dateTime',
      documentation: 'The time of asking; now unless told.',
    },
  ],
  run: async ({ store, input, id, calendar }) => {
    const request: Record<string, string> = {};
    for (const { name } of explainOperation.parameters) {
      const value = input.text(name);
      if (value !== undefined) request[name] = value;
    }
    if (id !== undefined) request.measureId = id;
    return { resource: await explainStay(store, request as ExplainRequest, { calendar }) };
  },
};
