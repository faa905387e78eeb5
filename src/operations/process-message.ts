import { acknowledgementText } from '../medcom/acknowledgement/build-acknowledgement.ts';
import { processMessage } from '../medcom/process-message.ts';
import type { Operation } from './operation.ts';

/**
 * `$process-message`: MedCom FHIR messages. What cannot be understood is told in the Acknowledgement, with HTTP
 * 200; only a body that is no message at all is refused with 400.
 */
export const processMessageOperation: Operation = {
  name: 'process-message',
  definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
  title: 'Receive a MedCom message',
  documentation:
    'Takes a message Bundle, such as a MedCom HospitalNotification, and answers with its Acknowledgement.',
  levels: ['system'],
  affectsState: true,
  parameters: [
    {
      name: 'content',
      min: 1,
      max: '1',
      type: 'Bundle',
      documentation: 'The message: a Bundle of type message.',
    },
  ],
  bareBody: 'content',
  run: async ({ store, input, relevance, received }) => {
    const acknowledgement = await processMessage(store, input.resource('content'), {
      relevance,
      ...(received === undefined ? {} : { received }),
    });
    return acknowledgement === undefined
      ? { status: 204 }
      : { resource: acknowledgement, content: acknowledgementText(acknowledgement) };
  },
};
