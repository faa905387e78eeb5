import { asLetter } from '../medcom/letter/as-letter.ts';
import type { Operation } from './operation.ts';

/** `Communication/[id]/$as-letter`, of Overgang: an exchange as its MedCom OIOXML letter. */
export const asLetterOperation: Operation = {
  name: 'as-letter',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Communication-as-letter',
  title: 'An exchange as OIOXML letter',
  documentation: 'Renders an exchange as the MedCom letter (XDIS) that carries it, in XML.',
  levels: ['instance'],
  types: ['Communication'],
  affectsState: false,
  parameters: [],
  run: async ({ reader, id }) => ({
    text: await asLetter(reader, id as string),
    contentType: 'application/xml; charset=utf-8',
  }),
};
