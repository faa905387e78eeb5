import type { Organization, Patient, Reference } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { citizenIdentifier, isCpr } from '../parties/identifiers.ts';
import { invalid, missing } from './message-error.ts';
import type { Message } from './read-message.ts';

/** The citizen a message is about. @throws MessageError when there is none, or none that can be known */
export function requirePatient(
  message: Message,
  subject: Reference | undefined,
  expression: string,
): Patient {
  const patient = message.resolve<Patient>('Patient', subject);
  if (patient === undefined)
    throw missing(expression, `${expression} must refer to the Patient in the same message.`);
  const identifier = citizenIdentifier(patient);
  if (identifier === undefined) {
    throw missing(
      'Patient.identifier',
      `The citizen needs a CPR number (${IDENTIFIER_SYSTEM.cpr}) or a replacement CPR (${IDENTIFIER_SYSTEM.replacementCpr}).`,
    );
  }
  if (identifier.system === IDENTIFIER_SYSTEM.cpr && !isCpr(identifier.value ?? '')) {
    throw invalid(
      'Patient.identifier.value',
      'A CPR number is ten digits without hyphen that begin with an existing day and month.',
      'MSG_ID_INVALID',
    );
  }
  refuseMisplacedCpr(message, identifier.value ?? '');
  return patient;
}

/** Messages, stays and organisations are told apart by these for ever after: a CPR number has no place there. */
function refuseMisplacedCpr(message: Message, cpr: string): void {
  if (!isCpr(cpr)) return;
  const holds = (value: string | undefined) => value?.replaceAll('-', '').includes(cpr) === true;
  const { bundle, header } = message;
  const misplaced = [
    ...(holds(bundle.id) ? ['Bundle.id'] : []),
    ...(holds(header.id) ? ['MessageHeader.id'] : []),
    ...(bundle.entry ?? []).flatMap(({ resource }) => {
      if (resource?.resourceType === 'Organization') {
        return resource.identifier?.some(({ value }) => holds(value))
          ? ['Organization.identifier.value']
          : [];
      }
      if (resource?.resourceType !== 'Encounter') return [];
      const episodes = resource.episodeOfCare ?? [];
      return episodes.some((each) => holds(each.identifier?.value))
        ? ['Encounter.episodeOfCare.identifier.value']
        : [];
    }),
  ];
  const [place] = misplaced;
  if (place === undefined) return;
  throw invalid(place, `${place} holds the citizen's CPR number; it belongs in Patient.identifier only.`);
}

export interface MessageParties {
  readonly sender: Organization;
  readonly receiver: Organization;
}

/** Sender and primary receiver of a message. @throws MessageError when one is not in the message */
export function requireParties(message: Message): MessageParties {
  const sender = message.resolve<Organization>('Organization', message.header.sender);
  const receiver = message.resolve<Organization>('Organization', message.header.destination?.[0]?.receiver);
  if (sender === undefined)
    throw missing('MessageHeader.sender', 'The sender must be an Organization in the same message.');
  if (receiver === undefined) {
    throw missing(
      'MessageHeader.destination.receiver',
      'The receiver must be an Organization in the same message.',
    );
  }
  return { sender, receiver };
}
