import type { ParametersParameter } from '@medplum/fhirtypes';
import { indexStates } from '../store/reindex/state.ts';
import type { Operation } from './operation.ts';

/** `SearchParameter/$index-status`, of Overgang: which parameters beside R4's can be searched by, and which not yet. */
export const indexStatusOperation: Operation = {
  name: 'index-status',
  definition: 'https://overgang.dk/fhir/OperationDefinition/SearchParameter-index-status',
  title: 'How far search parameters are indexed',
  documentation:
    'For each search parameter of packages or stored here, and each type: ready, indexing (and how far) or refused.',
  levels: ['type'],
  types: ['SearchParameter'],
  affectsState: false,
  parameters: [],
  run: async ({ reader, registry }) => {
    // What is indexed is served a moment later.
    const indexed = (await indexStates(reader)).map(({ type, code, done, total }) =>
      entry(type, code, registry.of(type).has(code) ? 'ready' : 'indexing', [
        { name: 'done', valueInteger: done },
        { name: 'total', valueInteger: total },
      ]),
    );
    const refused = (registry.refused?.() ?? []).map(({ resourceType, code, url, reason }) =>
      entry(resourceType, code, 'refused', [
        ...(url === '' ? [] : [{ name: 'url', valueUri: url }]),
        { name: 'reason', valueString: reason },
      ]),
    );
    const parameter = [...indexed, ...refused];
    return { resource: { resourceType: 'Parameters', ...(parameter.length === 0 ? {} : { parameter }) } };
  },
};

function entry(type: string, code: string, state: string, more: ParametersParameter[]): ParametersParameter {
  return {
    name: 'parameter',
    part: [
      { name: 'type', valueCode: type },
      { name: 'code', valueString: code },
      { name: 'state', valueCode: state },
      ...more,
    ],
  };
}
