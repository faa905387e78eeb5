import type { Organization } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { normaliseIdentifier } from '../parties/identifiers.ts';

/** An organisation as a delivery names it. */
export interface DeliveryParty {
  /** `Organization/[id]` */
  readonly reference: string;
  readonly name?: string;
  readonly sor?: string;
  readonly gln?: string;
}

/** What is delivered to whom: kept beside each queued message and told in its AuditEvents. Never a CPR number. */
export interface Delivery {
  readonly sender?: DeliveryParty;
  readonly receiver?: DeliveryParty;
  /** `Patient/[id]` */
  readonly patient?: string;
  /** Event of a message (`care-communication-message`), or type of a letter (`XDIS18`). */
  readonly type?: string;
  readonly version?: string;
  /** How the body is sent; FHIR JSON when absent. */
  readonly contentType?: string;
  /** Envelope of a letter; a message gets a new one (Bundle.id) with each transmission. */
  readonly envelope?: string;
  /** `false`: the letter asks for no positive receipt, so that it is sent once and done. */
  readonly expectsReceipt?: boolean;
}

export function deliveryParty(organization: Organization & { readonly id: string }): DeliveryParty {
  const value = (system: string) =>
    organization.identifier?.map(normaliseIdentifier).find((each) => each.system === system)?.value;
  const told = {
    reference: `Organization/${organization.id}`,
    name: organization.name,
    sor: value(IDENTIFIER_SYSTEM.sor),
    gln: value(IDENTIFIER_SYSTEM.gln),
  };
  return Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)) as never;
}

export function readDelivery(facts: string): Delivery {
  return JSON.parse(facts) as Delivery;
}
