import { IDENTIFIER_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import { uuidV5 } from '../../fhir/uuid.ts';

/** Ids of what a message brings follow from the message, so that whatever points at it can be written before it. */
const NAMESPACE = '2f0f3c55-6c0b-4c0e-8a55-0d6f7a1f9d0e';

export function idFromMessage(...parts: readonly string[]): string {
  return uuidV5(NAMESPACE, parts.join(' '));
}

export function messageIdentifier(value: string) {
  return { system: IDENTIFIER_SYSTEM.message, value };
}

/** On what corrects or takes back another message's content: the message that it speaks of. */
export const REPLACED_MESSAGE = `${OVERGANG}/NamingSystem/replaced-message`;
