import type { Bundle, Communication, Encounter, Endpoint, Organization } from '@medplum/fhirtypes';
import { buildAcknowledgement } from '../../src/medcom/acknowledgement/build-acknowledgement.ts';
import { type Queued, queueCommunication } from '../../src/medcom/outgoing/queue-communication.ts';
import type { Post, Transmission } from '../../src/medcom/outgoing/send-due.ts';
import { normaliseEpisode } from '../../src/medcom/stay/episode-key.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { ELMER, EPISODE, HOSPITAL, MUNICIPALITY } from './hospital.ts';
import { when } from './stay-scenario.ts';

/** A version 5 UUID, as the national register gives them. */
const LPR3 = 'urn:uuid:2ed6657d-e927-568b-95e1-2665a8aea6a2';

type Party = Organization & { id: string };

export const organisation = (id: string, facts: typeof HOSPITAL): Party => ({
  resourceType: 'Organization',
  id,
  name: facts.name,
  telecom: [{ system: 'phone', value: '38 68 38 68' }],
  identifier: [
    { system: 'http://www.gs1.org/gln', value: facts.gln },
    { system: 'urn:oid:1.2.208.176.1.1', value: facts.sor },
  ],
});

export function endpoint(id: string, told: Partial<Endpoint> = {}): Endpoint & { id: string } {
  return {
    resourceType: 'Endpoint',
    id,
    status: 'active',
    connectionType: {
      system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
      code: 'hl7-fhir-msg',
    },
    payloadType: [{ text: 'MedCom' }],
    address: `https://${id}.example/fhir/$process-message`,
    ...told,
  };
}

/** An Endpoint that takes letters of these kinds. */
export function letterBox(id: string, ...types: readonly string[]): Endpoint & { id: string } {
  return endpoint(id, {
    connectionType: { system: 'https://example.org/connection', code: 'oioxml' },
    payloadType: types.map((code) => ({
      coding: [{ system: 'https://overgang.dk/fhir/CodeSystem/letter-type', code }],
    })),
    address: `https://${id}.example/medcom`,
  });
}

export async function put(store: Store, ...resources: readonly (Change & { op: 'create' })['resource'][]) {
  await store.transaction((transaction) =>
    transaction.write(resources.map((resource) => ({ op: 'create', resource }))),
  );
}

/** Municipality and hospital, the citizen and the stay; the hospital takes what `endpoints` say. */
export async function parties(store: Store, ...endpoints: readonly (Endpoint & { id: string })[]) {
  await put(
    store,
    {
      resourceType: 'Patient',
      id: 'elmer',
      identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: ELMER }],
      name: [{ use: 'official', family: 'Elmer', given: ['Bruno'] }],
    },
    organisation('municipality', MUNICIPALITY),
    {
      ...organisation('hospital', HOSPITAL),
      ...(endpoints.length === 0
        ? {}
        : { endpoint: endpoints.map(({ id }) => ({ reference: `Endpoint/${id}` })) }),
    },
    ...endpoints,
    {
      resourceType: 'Encounter',
      id: 'stay',
      status: 'in-progress',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
      subject: { reference: 'Patient/elmer' },
      identifier: [
        { system: 'https://www.esundhed.dk/Registre/Landspatientregisteret', value: LPR3 },
        EPISODE,
        { system: 'https://overgang.dk/fhir/NamingSystem/stay-episode', value: normaliseEpisode(LPR3) },
        {
          system: 'https://overgang.dk/fhir/NamingSystem/stay-episode',
          value: EPISODE.value.replaceAll('-', ''),
        },
      ],
      period: { start: when('02T10') },
    } satisfies Encounter & { id: string },
  );
}

export function communication(id: string, told: Partial<Communication> = {}): Communication & { id: string } {
  return {
    resourceType: 'Communication',
    id,
    status: 'completed',
    subject: { reference: 'Patient/elmer' },
    encounter: { reference: 'Encounter/stay' },
    sender: { reference: 'Organization/municipality' },
    recipient: [{ reference: 'Organization/hospital' }],
    sent: when('03T09'),
    payload: [{ contentString: 'Kan udskrivningen være mandag?' }],
    ...told,
  };
}

export const ofExchange = (code: string): Pick<Communication, 'category'> => ({
  category: [{ coding: [{ system: 'https://overgang.dk/fhir/CodeSystem/exchange', code }] }],
});

export const send = (store: Store, id: string, at = '04T10'): Promise<readonly Queued[]> =>
  store.transaction((transaction) => queueCommunication(transaction, id, when(at)));

interface Row {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

export const rows = (store: Store): Promise<readonly Row[]> =>
  sqlOf(store).query<Row>('SELECT state, attempts, last_error FROM medcom_outgoing ORDER BY message');

export const states = async (store: Store): Promise<readonly string[]> =>
  (await rows(store)).map((row) => row.state);

export const bundleOf = ({ body }: Transmission): Bundle => JSON.parse(body as string) as Bundle;

export const acknowledge = (bundle: Bundle, code: 'ok' | 'fatal-error' | 'transient-error'): Bundle =>
  buildAcknowledgement({ bundle, code, issues: [], now: when('04T10:01') });

/** A receiver that keeps what it gets and answers with what `reply` says, by default nothing. */
export function receiver(reply: (transmission: Transmission) => string = () => ''): {
  readonly post: Post;
  readonly got: Transmission[];
} {
  const got: Transmission[] = [];
  return {
    got,
    post: async (transmission) => {
      got.push(transmission);
      return { status: 200, body: reply(transmission) };
    },
  };
}
