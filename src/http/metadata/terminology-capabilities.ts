import type { TerminologyCapabilities } from '@medplum/fhirtypes';
import { operationsOf } from '../../operations/registry.ts';
import type { Capabilities } from './capability-statement.ts';

/** What the terminology operations can do (R4 terminologycapabilities.html), of those that are served. */
export function terminologyCapabilities({
  baseUrl,
  version,
  started,
}: Capabilities): TerminologyCapabilities {
  const served = (type: string, name: string): boolean => operationsOf(type).some((one) => one.name === name);
  return {
    resourceType: 'TerminologyCapabilities',
    id: 'overgang-terminology',
    status: 'active',
    date: started,
    kind: 'instance',
    publisher: 'Overgang',
    software: { name: 'Overgang', version },
    implementation: { url: baseUrl, description: 'Terminology of Overgang' },
    lockedDate: false,
    ...(served('ValueSet', 'expand')
      ? {
          expansion: {
            hierarchical: false,
            paging: true,
            incomplete: false,
            textFilter: 'Words of code and display.',
          },
        }
      : {}),
    codeSearch: 'explicit',
    ...(served('ValueSet', 'validate-code') ? { validateCode: { translations: true } } : {}),
    ...(served('ConceptMap', 'translate') ? { translation: { needsMap: true } } : {}),
  } as TerminologyCapabilities;
}
