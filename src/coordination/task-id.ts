import { type ExchangeCode, OVERGANG } from '../fhir/canonical.ts';
import { remembered } from '../fhir/remembered.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';

/** Name-space of the ids of obligations: they are names below this URL. */
const OBLIGATIONS = uuidV5(URL_NAMESPACE, `${OVERGANG}/Task`);

/** Every plan of a stay asks for the same six. */
const idOf = remembered(50_000, (name: string) => uuidV5(OBLIGATIONS, name));

/** Id of the Task for an obligation of a stay: a UUID v5 of both, so that planning twice makes one. */
export function obligationTaskId(stayId: string, code: ExchangeCode): string {
  return idOf(`${stayId}/${code}`);
}
