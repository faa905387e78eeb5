import type { Communication, Encounter, Endpoint, Organization, Reference } from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import { loadResource, loadResources } from '../load.ts';
import { MEDCOM_EXTENSION } from '../vocabulary.ts';

export interface Receiver {
  /** Where the Communication names it, as FHIRPath. */
  readonly place: string;
  readonly organization: (Organization & { readonly id: string }) | undefined;
  /** Its own Endpoints, else those of the organisation it is part of, and so on upwards. */
  readonly endpoints: readonly Endpoint[];
}

/** An organisation is at most so deep in its hierarchy: unit, department, hospital, region. */
const DEEPEST = 5;

/**
 * Who a Communication is for: its recipients; of an admission report that names none, the one the hospital asked it
 * to be sent to (reportOfAdmissionRecipient of the notification).
 */
export function recipientsOf(
  communication: Communication,
  stay: Encounter | undefined,
): readonly Reference[] {
  if (communication.recipient !== undefined) return communication.recipient;
  const asked = stay?.extension?.find((each) => each.url === MEDCOM_EXTENSION.reportRecipient);
  return asked?.valueReference === undefined ? [] : [asked.valueReference];
}

export async function loadReceivers(
  reader: Reader,
  recipients: readonly Reference[],
): Promise<readonly Receiver[]> {
  const receivers: Receiver[] = [];
  for (const [index, recipient] of recipients.entries()) {
    const isOrganization = recipient.reference?.startsWith('Organization/') === true;
    const organization = isOrganization
      ? await loadResource<Organization & { id: string }>(reader, recipient.reference)
      : undefined;
    receivers.push({
      place: `Communication.recipient[${index}]`,
      organization,
      endpoints: await endpointsOf(reader, organization, DEEPEST),
    });
  }
  return receivers;
}

async function endpointsOf(
  reader: Reader,
  organization: Organization | undefined,
  depth: number,
): Promise<readonly Endpoint[]> {
  if (organization === undefined || depth === 0) return [];
  const references = (organization.endpoint ?? []).map((each) => each.reference);
  const own = [...(await loadResources(reader, references)).values()].filter(
    (each): each is Endpoint => each.resourceType === 'Endpoint',
  );
  if (own.length > 0) return own;
  return endpointsOf(reader, await loadResource(reader, organization.partOf?.reference), depth - 1);
}
