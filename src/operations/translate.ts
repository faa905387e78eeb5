import type { CodeableConcept, Coding, ConceptMap } from '@medplum/fhirtypes';
import { type TranslateInput, translate } from '../fhir/terminology/translate.ts';
import type { Operation } from './operation.ts';
import { CODED, complex, given, neededSubject, optional } from './terminology.ts';

/** `ConceptMap/$translate` (R4 conceptmap-operation-translate.html). */
export const translateOperation: Operation = {
  name: 'translate',
  definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
  title: 'Translate a code by a map',
  documentation: 'What a code is called in another code system.',
  levels: ['type', 'instance'],
  types: ['ConceptMap'],
  affectsState: false,
  parameters: [
    optional('url', 'uri', 'Canonical URL of the map.'),
    optional('conceptMap', 'ConceptMap', 'The map itself.'),
    ...CODED,
    optional('targetsystem', 'uri', 'Only matches in this code system.'),
    optional('reverse', 'boolean', 'From target to source.'),
  ],
  run: async (call) => {
    const { input } = call;
    const asked = given<TranslateInput>({
      conceptMap: await neededSubject<ConceptMap>(call, 'conceptMap'),
      code: input.text('code'),
      system: input.text('system'),
      coding: complex<Coding>(call, 'coding'),
      codeableConcept: complex<CodeableConcept>(call, 'codeableConcept'),
      targetSystem: input.text('targetsystem'),
      reverse: input.flag('reverse'),
    });
    return { resource: translate(await call.definitions(), asked) };
  },
};
