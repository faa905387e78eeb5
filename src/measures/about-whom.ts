import type { Resource } from '@medplum/fhirtypes';
import { localReference } from './references.ts';

/** The citizen a resource is about: `Patient/[id]`; undefined when it names none here. */
export function aboutWhom(resource: Resource): string | undefined {
  if (resource.resourceType === 'Patient') return `Patient/${resource.id}`;
  const {
    subject,
    patient,
    for: whom,
  } = resource as unknown as {
    readonly [element: string]: { readonly reference?: string } | undefined;
  };
  return localReference((subject ?? patient ?? whom)?.reference);
}
