import type { ValueSet } from '@medplum/fhirtypes';
import { type ExpandOptions, expandValueSet } from '../fhir/terminology/expand.ts';
import type { Operation } from './operation.ts';
import { given, neededSubject, optional } from './terminology.ts';

/** `ValueSet/$expand` (R4 valueset-operation-expand.html). */
export const expandOperation: Operation = {
  name: 'expand',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  title: 'Expand a value set',
  documentation: 'The codes of a value set: of R4, of a package, stored, or sent along.',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  affectsState: false,
  parameters: [
    optional('url', 'uri', 'Canonical URL of the value set.'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    optional('filter', 'string', 'Words that the code or a name must contain.'),
    optional('count', 'integer', 'Codes a page.'),
    optional('offset', 'integer', 'Codes to leave out at the beginning.'),
    optional('displayLanguage', 'code', 'Language of the displays, such as da.'),
    optional('activeOnly', 'boolean', 'Leave out codes that are no longer used.'),
    optional('includeDesignations', 'boolean', 'With the names in other languages.'),
  ],
  bareBody: 'valueSet',
  run: async (call) => {
    const { input } = call;
    const options = given<ExpandOptions>({
      filter: input.text('filter'),
      count: input.whole('count'),
      offset: input.whole('offset'),
      displayLanguage: input.text('displayLanguage'),
      activeOnly: input.flag('activeOnly'),
      includeDesignations: input.flag('includeDesignations'),
      now: undefined,
    });
    const subject = await neededSubject<ValueSet>(call, 'valueSet');
    return { resource: expandValueSet(await call.definitions(), subject, options) };
  },
};
