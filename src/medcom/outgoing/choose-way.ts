import type { Endpoint } from '@medplum/fhirtypes';
import type { LetterType } from '../letter/letter-facts.ts';
import { EVENT } from '../vocabulary.ts';

/** How a receiver takes something: where to post it, and in what form. */
export interface Way {
  readonly address: string;
  readonly form: 'letter' | 'message';
  readonly contentType: 'application/xml' | 'application/fhir+json' | 'application/fhir+xml';
}

/**
 * The way to a receiver by what its Endpoints say they take. An endpoint takes a letter when a `payloadType` has the
 * letter's code (`XDIS18`), else when `payloadMimeType` has plain XML; it takes FHIR messages when `payloadType` has
 * MedCom's event code, `connectionType` is `hl7-fhir-msg`, or `payloadMimeType` has FHIR. What names the letter comes
 * first, then letters as such, then messages. `letterType` is absent for what no letter carries.
 */
export function chooseWay(
  endpoints: readonly Endpoint[],
  letterType: LetterType | undefined,
): Way | undefined {
  const usable = endpoints.filter((each) => each.status === 'active' && /^https?:\/\//.test(each.address));
  const letter = (endpoint: Endpoint | undefined): Way | undefined =>
    endpoint && { address: endpoint.address, form: 'letter', contentType: 'application/xml' };
  return (
    (letterType === undefined
      ? undefined
      : (letter(usable.find((each) => hasPayload(each, letterType))) ??
        letter(usable.find((each) => hasMime(each, ['application/xml', 'text/xml']))))) ??
    message(usable.find(takesMessages))
  );
}

function message(endpoint: Endpoint | undefined): Way | undefined {
  if (endpoint === undefined) return undefined;
  const onlyXml = hasMime(endpoint, FHIR_XML) && !hasMime(endpoint, FHIR_JSON);
  return {
    address: endpoint.address,
    form: 'message',
    contentType: onlyXml ? 'application/fhir+xml' : 'application/fhir+json',
  };
}

const FHIR_JSON = ['application/fhir+json', 'application/json', 'application/fhir+json; fhirVersion=4.0'];
const FHIR_XML = ['application/fhir+xml', 'application/fhir+xml; fhirVersion=4.0'];

function takesMessages(endpoint: Endpoint): boolean {
  return (
    hasPayload(endpoint, EVENT.careCommunication) ||
    endpoint.connectionType.code === 'hl7-fhir-msg' ||
    hasMime(endpoint, [...FHIR_JSON, ...FHIR_XML])
  );
}

function hasPayload(endpoint: Endpoint, code: string): boolean {
  return endpoint.payloadType.some((type) => type.coding?.some((coding) => coding.code === code));
}

function hasMime(endpoint: Endpoint, mimes: readonly string[]): boolean {
  return endpoint.payloadMimeType?.some((mime) => mimes.includes(mime)) === true;
}
