import { queueCommunication } from '../medcom/outgoing/queue-communication.ts';
import type { Operation } from './operation.ts';

/** `Communication/[id]/$send`, of Overgang: puts the message into the queue of outgoing ones (docs/medcom/outgoing.md). */
export const sendOperation: Operation = {
  name: 'send',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Communication-send',
  title: 'Send a communication',
  documentation:
    'Queues a Communication to be sent as CareCommunication; answers the id of its MessageHeader.',
  levels: ['instance'],
  types: ['Communication'],
  affectsState: true,
  parameters: [],
  run: async ({ store, id }) => {
    const sent = new Date().toISOString();
    const header = await store.transaction((transaction) =>
      queueCommunication(transaction, id as string, sent),
    );
    return {
      status: 202,
      resource: { resourceType: 'Parameters', parameter: [{ name: 'message', valueId: header }] },
    };
  },
};
