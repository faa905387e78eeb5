import { type ExchangeCode, OVERGANG } from '../fhir/canonical.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';

/** Name-space of the ids of obligations: they are names below this URL. */
const OBLIGATIONS = uuidV5(URL_NAMESPACE, `${OVERGANG}/Task`);

/** Ids worked out before: every plan of a stay asks for the same six. */
const ids = new Map<string, string>();
const REMEMBERED = 50_000;

/** Id of the Task for an obligation of a stay: a UUID v5 of both, so that planning twice makes one. */
export function obligationTaskId(stayId: string, code: ExchangeCode): string {
  const name = `${stayId}/${code}`;
  let id = ids.get(name);
  if (id === undefined) {
    id = uuidV5(OBLIGATIONS, name);
    if (ids.size >= REMEMBERED) ids.clear();
    ids.set(name, id);
  }
  return id;
}
