import { describe, expect, it } from '@jest/globals';
import type { AuditEvent, Bundle, Communication } from '@medplum/fhirtypes';
import { buildAcknowledgement } from '../../src/medcom/acknowledgement/build-acknowledgement.ts';
import { buildCareCommunication } from '../../src/medcom/outgoing/build-care-communication.ts';
import { queueCommunication } from '../../src/medcom/outgoing/queue-communication.ts';
import { sendDue } from '../../src/medcom/outgoing/send-due.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { enqueue } from '../../src/store/receipts/outgoing.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { ELMER, HOSPITAL, MUNICIPALITY } from './hospital.ts';
import { when } from './stay-scenario.ts';
import { all } from './support.ts';

const organisation = (id: string, facts: typeof HOSPITAL) => ({
  resourceType: 'Organization' as const,
  id,
  name: facts.name,
  identifier: [
    { system: 'http://www.gs1.org/gln', value: facts.gln },
    { system: 'urn:oid:1.2.208.176.1.1', value: facts.sor },
  ],
});

function message(): Bundle {
  return buildCareCommunication({
    communication: {
      resourceType: 'Communication',
      status: 'completed',
      payload: [{ contentString: 'Kan udskrivningen være mandag?' }],
    },
    patient: { resourceType: 'Patient', identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: ELMER }] },
    sender: organisation('from', MUNICIPALITY),
    receiver: organisation('to', HOSPITAL),
    endpoints: { sender: MUNICIPALITY.sor, receiver: HOSPITAL.sor },
    sent: when('04T10'),
  });
}

async function queued(store: Store): Promise<Bundle> {
  const bundle = message();
  await enqueue(
    store,
    {
      message: bundle.entry![0]!.resource!.id!,
      endpoint: 'https://hospital.example/fhir',
      content: JSON.stringify(bundle),
      about: 'Communication/1',
    },
    when('04T10'),
  );
  return bundle;
}

const state = async (store: Store) =>
  (
    await sqlOf(store).query<{ state: string; attempts: number }>(
      'SELECT state, attempts FROM medcom_outgoing',
    )
  )[0];
const acknowledge = (bundle: Bundle, code: 'ok' | 'fatal-error' | 'transient-error') =>
  buildAcknowledgement({ bundle, code, issues: [], now: when('04T10:01') });

onStore('PostgreSQL', (fixture) => {
  describe('outgoing messages', () => {
    it('a message that its answer acknowledges is settled, and every step is an AuditEvent', async () => {
      const store = await fixture.open();
      await queued(store);
      const post = async (_endpoint: string, bundle: Bundle) => acknowledge(bundle, 'ok');
      expect(await sendDue(store, { post, now: () => when('04T10') })).toBe(1);
      expect(await state(store)).toEqual({ state: 'acknowledged', attempts: 1 });
      const audits = await all<AuditEvent>(store, 'AuditEvent');
      expect(audits.map((audit) => audit.subtype?.[0]?.code).sort()).toEqual([
        'msg-acknowledged',
        'msg-sent',
      ]);
    });

    it('without an acknowledgement it is sent again after 30 minutes as a new transmission, and given up at last', async () => {
      const store = await fixture.open();
      const original = await queued(store);
      const sent: Bundle[] = [];
      const post = async (_endpoint: string, bundle: Bundle) => void sent.push(bundle);
      const at = (time: string) => sendDue(store, { post, now: () => when(time) });
      expect([
        await at('04T10'),
        await at('04T10:29'),
        await at('04T10:30'),
        await at('04T11'),
        await at('04T11:30'),
      ]).toEqual([1, 0, 1, 1, 1]);
      expect(await state(store)).toEqual({ state: 'awaiting', attempts: 4 });
      await at('04T12');
      expect(await state(store)).toEqual({ state: 'in-error', attempts: 4 });
      expect(new Set(sent.map((bundle) => bundle.id)).size).toBe(4);
      expect(new Set(sent.map((bundle) => bundle.entry![0]!.resource!.id))).toEqual(
        new Set([original.entry![0]!.resource!.id]),
      );
    });

    it('a receiver that cannot be reached leaves the message waiting; nothing is lost', async () => {
      const store = await fixture.open();
      await queued(store);
      const post = () => Promise.reject(new Error('connect ECONNREFUSED'));
      await sendDue(store, { post, now: () => when('04T10') });
      expect(await state(store)).toEqual({ state: 'waiting', attempts: 1 });
    });

    it('an acknowledgement that comes later as a message of its own settles it; a transient one does not', async () => {
      const store = await fixture.open();
      const bundle = await queued(store);
      await sendDue(store, { post: async () => undefined, now: () => when('04T10') });
      expect(await processMessage(store, acknowledge(bundle, 'transient-error'))).toBeUndefined();
      expect((await state(store))?.state).toBe('awaiting');
      expect(await processMessage(store, acknowledge(bundle, 'fatal-error'))).toBeUndefined();
      expect((await state(store))?.state).toBe('in-error');
    });

    it('a Communication goes to the endpoint of its recipient, or is refused with what it lacks', async () => {
      const store = await fixture.open();
      const send = (id: string) =>
        store.transaction((transaction) => queueCommunication(transaction, id, when('04T10')));
      const communication: Communication & { id: string } = {
        resourceType: 'Communication',
        id: 'question',
        status: 'completed',
        subject: { reference: 'Patient/elmer' },
        sender: { reference: 'Organization/from' },
        recipient: [{ reference: 'Organization/to' }],
        payload: [{ contentString: 'Kan udskrivningen være mandag?' }],
      };
      await store.transaction((transaction) =>
        transaction.write([{ op: 'create', resource: communication }]),
      );
      await expect(send('question')).rejects.toMatchObject({ status: 422 });
      await expect(send('nothing')).rejects.toMatchObject({ status: 404 });
      await store.transaction((transaction) =>
        transaction.write([
          {
            op: 'create',
            resource: {
              resourceType: 'Patient',
              id: 'elmer',
              identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: ELMER }],
            },
          },
          { op: 'create', resource: organisation('from', MUNICIPALITY) },
          {
            op: 'create',
            resource: { ...organisation('to', HOSPITAL), endpoint: [{ reference: 'Endpoint/ward' }] },
          },
          {
            op: 'create',
            resource: {
              resourceType: 'Endpoint',
              id: 'ward',
              status: 'active',
              connectionType: {
                system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
                code: 'hl7-fhir-msg',
              },
              payloadType: [{ text: 'CareCommunication' }],
              address: 'https://hospital.example/fhir/$process-message',
            },
          },
        ]),
      );
      const header = await send('question');
      const sent: [string, Bundle][] = [];
      await sendDue(store, {
        post: async (endpoint, bundle) => void sent.push([endpoint, bundle]),
        now: () => when('04T10'),
      });
      expect(sent.map(([endpoint, bundle]) => [endpoint, bundle.entry![0]!.resource!.id])).toEqual([
        ['https://hospital.example/fhir/$process-message', header],
      ]);
    });

    it('what Overgang sends, Overgang receives', async () => {
      const store = await fixture.open();
      const answer = await processMessage(store, message());
      expect(answer?.entry?.[0]?.resource).toMatchObject({ response: { code: 'ok' } });
      const [communication] = await all<Communication>(store, 'Communication');
      expect(communication!.payload?.[0]?.contentString).toBe('Kan udskrivningen være mandag?');
      expect(communication!.category?.[0]?.coding?.[0]?.code).toBe('carecoordination');
    });
  });
});
