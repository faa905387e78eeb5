import type { Coding } from '@medplum/fhirtypes';
import { badRequest } from '../fhir/outcome.ts';
import { type LookupInput, lookupCode } from '../fhir/terminology/lookup.ts';
import { type SubsumesInput, subsumes } from '../fhir/terminology/subsumes.ts';
import type { Operation, OperationCall } from './operation.ts';
import { complex, given, optional } from './terminology.ts';

/** `CodeSystem/$lookup` (R4 codesystem-operation-lookup.html). */
export const lookupOperation: Operation = {
  name: 'lookup',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  title: 'Look up a code',
  documentation: 'Display, definition, designations and properties of a code.',
  levels: ['type'],
  types: ['CodeSystem'],
  affectsState: false,
  parameters: [
    optional('code', 'code', 'The code.'),
    optional('system', 'uri', 'Its code system.'),
    optional('version', 'string', 'Version of the code system.'),
    optional('coding', 'Coding', 'Code and system as a Coding.'),
    optional('displayLanguage', 'code', 'Language of the display, such as da.'),
    { name: 'property', min: 0, max: '*', type: 'code', documentation: 'Properties wanted; all when none.' },
  ],
  run: async (call) => {
    const { input } = call;
    const { code, system } = codeOf(call, 'code', 'coding');
    const properties = input.all('property').filter((name): name is string => typeof name === 'string');
    const asked = given<LookupInput>({
      code,
      system,
      version: input.text('version'),
      displayLanguage: input.text('displayLanguage'),
      properties: properties.length === 0 ? undefined : properties,
    });
    return { resource: lookupCode(await call.definitions(), asked) };
  },
};

/** `CodeSystem/$subsumes` (R4 codesystem-operation-subsumes.html). */
export const subsumesOperation: Operation = {
  name: 'subsumes',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes',
  title: 'How two codes stand to each other',
  documentation: 'Whether code A is, contains, or is contained in code B.',
  levels: ['type'],
  types: ['CodeSystem'],
  affectsState: false,
  parameters: [
    optional('codeA', 'code', 'Code A.'),
    optional('codeB', 'code', 'Code B.'),
    optional('system', 'uri', 'Their code system.'),
    optional('version', 'string', 'Version of the code system.'),
    optional('codingA', 'Coding', 'A as a Coding.'),
    optional('codingB', 'Coding', 'B as a Coding.'),
  ],
  run: async (call) => {
    const a = codeOf(call, 'codeA', 'codingA');
    const b = codeOf(call, 'codeB', 'codingB');
    if (a.system !== b.system) {
      throw badRequest('Both codes must be of the same code system.', 'Parameters.codingB');
    }
    const asked = given<SubsumesInput>({
      system: a.system,
      codeA: a.code,
      codeB: b.code,
      version: call.input.text('version'),
    });
    return { resource: subsumes(await call.definitions(), asked) };
  },
};

function codeOf(call: OperationCall, codeName: string, codingName: string): { code: string; system: string } {
  const coding = complex<Coding>(call, codingName);
  const code = coding?.code ?? call.input.text(codeName);
  const system = coding?.system ?? call.input.text('system');
  if (typeof code !== 'string') {
    throw badRequest(`Say the code: ${codeName}, or ${codingName}.`, `Parameters.${codeName}`, 'required');
  }
  if (typeof system !== 'string') throw badRequest('Say the code system.', 'Parameters.system', 'required');
  return { code, system };
}
