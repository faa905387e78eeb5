import { OVERGANG } from '../fhir/canonical.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';

const NAMESPACE = uuidV5(URL_NAMESPACE, `${OVERGANG}/synthetic`);

/** The id of a generated thing: the same key gives the same UUID, so that loading twice stores once. */
export function idOf(key: string): string {
  return uuidV5(NAMESPACE, key);
}
