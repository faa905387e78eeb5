import { type Queued, queueCommunication } from '../medcom/outgoing/queue-communication.ts';
import type { Operation } from './operation.ts';

/** `Communication/[id]/$send`, of Overgang: puts it into the queue for each of its recipients (docs/medcom/outgoing.md). */
export const sendOperation: Operation = {
  name: 'send',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Communication-send',
  title: 'Send a communication',
  documentation:
    'Queues a Communication for each of its recipients, as the letter or message that their Endpoints take; answers what was queued and where it has come.',
  levels: ['instance'],
  types: ['Communication'],
  affectsState: true,
  parameters: [],
  run: async ({ store, id }) => {
    const sent = new Date().toISOString();
    const queued = await store.transaction((transaction) =>
      queueCommunication(transaction, id as string, sent),
    );
    return { status: 202, resource: { resourceType: 'Parameters', parameter: queued.map(transmission) } };
  },
};

function transmission({ message, kind, receiver, state }: Queued) {
  return {
    name: 'transmission',
    part: [
      { name: 'message', valueString: message },
      { name: 'kind', valueCode: kind },
      { name: 'receiver', valueReference: { reference: receiver } },
      { name: 'state', valueCode: state },
    ],
  };
}
