import type { Bundle, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { nextTurn, stepTogether } from '../fhir/in-step.ts';
import { FhirError } from '../fhir/outcome.ts';
import { addReceipt, findReceipts } from '../store/receipts/receipt.ts';
import type { SeenReceipt } from '../store/receipts/rows.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import {
  acknowledgementText,
  buildAcknowledgement,
  resendAcknowledgement,
} from './acknowledgement/build-acknowledgement.ts';
import { caseNeeds } from './intake/case-needs.ts';
import { deliver } from './intake/desk.ts';
import type { Needs } from './intake/errand.ts';
import { type Envelope, openEnvelope } from './message/envelope.ts';
import type { ReadyMessage } from './message/handler.ts';
import { MessageError, messageIssue } from './message/message-error.ts';
import { type Message, readMessage } from './message/read-message.ts';
import { MESSAGE_READERS } from './message/readers.ts';
import { currentInstant, type ReceiveOptions } from './options.ts';
import { citizenLock, findCitizen } from './parties/citizen.ts';
import { isRelevant } from './relevance.ts';
import { EVENT } from './vocabulary.ts';

type Reading =
  | { readonly understood: true; readonly message: Message; readonly ready: ReadyMessage }
  | { readonly understood: false; readonly issues: readonly OperationOutcomeIssue[] };

/**
 * Receives one MedCom message (`$process-message`) and answers with its Acknowledgement message: `ok`,
 * `fatal-error` (the content is at fault: do not resend unchanged) or `transient-error` (our trouble: resend).
 * What was acknowledged `ok` is committed. A message that came before is answered as before and changes nothing;
 * an Acknowledgement is never acknowledged (undefined). See docs/operations/process-message.md.
 * @param options.received the bytes that the body was read from
 * @throws FhirError 400 when the body is no Bundle of type message, so that there is nobody to acknowledge to
 */
export async function processMessage(
  store: Store,
  body: unknown,
  options: ReceiveOptions & { readonly received?: Buffer } = {},
): Promise<Bundle | undefined> {
  await nextTurn();
  const envelope = openEnvelope(body, options.received);
  await stepTogether();
  const isAcknowledgement = envelope.event === EVENT.acknowledgement;
  try {
    const answer = await receive(store, envelope, read(envelope), options);
    return isAcknowledgement ? undefined : answer;
  } catch (error) {
    const issues = refusalIssues(error);
    if (issues === undefined) {
      if (isAcknowledgement) throw error;
      return transientError(envelope, currentInstant(options));
    }
    const refused = await receive(store, envelope, { understood: false, issues }, options);
    return isAcknowledgement ? undefined : refused;
  }
}

/** Reads without touching the store; what is wrong becomes issues with the place and the remedy. */
function read(envelope: Envelope): Reading {
  if (envelope.faults.length > 0) {
    return {
      understood: false,
      issues: envelope.faults
        .slice(0, 20)
        .map(({ code, diagnostics, expression }) =>
          messageIssue('error', code, 'MSG_BAD_FORMAT', diagnostics ?? code, expression?.[0]),
        ),
    };
  }
  try {
    const message = readMessage(envelope.bundle);
    const reader = MESSAGE_READERS.get(message.event);
    if (reader === undefined) throw unknownEvent();
    return { understood: true, message, ready: reader(message) };
  } catch (error) {
    if (error instanceof MessageError) return { understood: false, issues: error.issues };
    throw error;
  }
}

function unknownEvent(): MessageError {
  return new MessageError([
    messageIssue(
      'error',
      'not-supported',
      'MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE',
      `Overgang receives ${[...MESSAGE_READERS.keys()].join(', ')}.`,
      'MessageHeader.eventCoding.code',
    ),
  ]);
}

async function receive(
  store: Store,
  envelope: Envelope,
  reading: Reading,
  options: ReceiveOptions,
): Promise<Bundle> {
  const { headerId, bundleId } = envelope;
  return deliver(store, needsOf(envelope, reading), async (transaction) => {
    const received = currentInstant(options);
    const seen = await findReceipts(transaction, headerId, bundleId);
    const before = seen.find((receipt) => headerId !== undefined && receipt.identity === headerId);
    if (before !== undefined) return answerAgain(transaction, envelope, before, received);
    const reused = bundleId !== undefined && seen.some((receipt) => receipt.transmission === bundleId);
    const issues = reused ? [reusedBundle()] : await act(transaction, reading, received, options);
    const code = reading.understood && !reused ? 'ok' : 'fatal-error';
    const acknowledgement = buildAcknowledgement({
      bundle: envelope.answerable,
      code,
      issues,
      now: received,
    });
    await addReceipt(transaction, {
      ...metadata(envelope),
      ...(reading.understood ? { activity: reading.message.activity, told: reading.message.sent } : {}),
      received,
      outcome: code,
      acknowledgement: acknowledgementText(acknowledgement),
    });
    return acknowledgement;
  });
}

function needsOf({ headerId, bundleId }: Envelope, reading: Reading): Needs {
  const ready = reading.understood ? reading.ready : undefined;
  return {
    locks: [
      ...(headerId === undefined ? [] : [`message ${headerId}`]),
      ...(bundleId === undefined ? [] : [`transmission ${bundleId}`]),
      ...(ready?.patient === undefined ? [] : [citizenLock(ready.patient)]),
      ...(ready?.locks ?? []),
    ],
    ...(headerId === undefined ? {} : { identity: headerId }),
    ...(bundleId === undefined ? {} : { transmission: bundleId }),
    ...caseNeeds(ready?.patient, ready?.stays ?? []),
    events: true,
    alone: ready !== undefined && ready.stays === undefined,
  };
}

/** The duplicate matrix (danish-domain A.8), rows with a header id that was seen: same answer, nothing changes. */
async function answerAgain(
  transaction: StoreTransaction,
  envelope: Envelope,
  before: SeenReceipt,
  received: string,
): Promise<Bundle> {
  const original = JSON.parse(before.acknowledgement) as Bundle;
  const sameTransmission = before.transmission === (envelope.bundleId ?? null);
  const answer = sameTransmission ? original : resendAcknowledgement(original, received);
  await addReceipt(transaction, {
    ...metadata(envelope),
    received,
    outcome: 'duplicate',
    acknowledgement: acknowledgementText(answer),
  });
  return answer;
}

function reusedBundle(): OperationOutcomeIssue {
  return messageIssue(
    'error',
    'duplicate',
    'MSG_DUPLICATE_ID',
    'This Bundle.id came before with another MessageHeader.id; give every transmission a new Bundle.id.',
    'Bundle.id',
  );
}

/** Does what the message asks for, unless its citizen is none of ours (R.BR1). Returns what the answer shall tell. */
async function act(
  transaction: StoreTransaction,
  reading: Reading,
  received: string,
  options: ReceiveOptions,
): Promise<readonly OperationOutcomeIssue[]> {
  if (!reading.understood) return reading.issues;
  const { message, ready } = reading;
  const rule = options.relevance ?? 'everyone';
  if (rule !== 'everyone' && ready.patient !== undefined) {
    const citizen = await findCitizen(transaction, ready.patient);
    if (!(await isRelevant(rule, transaction, citizen?.id, message.sent))) return [];
  }
  await ready.apply(transaction, received);
  return message.remarks;
}

function metadata(envelope: Envelope) {
  const { headerId, bundleId, sender, receiver } = envelope;
  return {
    ...(headerId === undefined ? {} : { identity: headerId }),
    ...(bundleId === undefined ? {} : { transmission: bundleId }),
    kind: envelope.event ?? 'unknown',
    ...(sender === undefined ? {} : { sender }),
    ...(receiver === undefined ? {} : { receiver }),
    contentHash: envelope.hash,
  };
}

/** The issues of an error that is the message's fault; undefined for trouble of ours. */
function refusalIssues(error: unknown): readonly OperationOutcomeIssue[] | undefined {
  if (error instanceof MessageError) return error.issues;
  if (error instanceof FhirError && error.status >= 400 && error.status < 500) {
    return error.outcome.issue.map(({ code, diagnostics, expression }) =>
      messageIssue('error', code, 'MSG_PARAM_INVALID', diagnostics ?? code, expression?.[0]),
    );
  }
  return undefined;
}

function transientError(envelope: Envelope, now: string): Bundle {
  const trouble = messageIssue(
    'error',
    'transient',
    'MSG_LOCAL_FAIL',
    'Overgang could not store the message just now; nothing of it was kept. Send it again.',
  );
  return buildAcknowledgement({
    bundle: envelope.answerable,
    code: 'transient-error',
    issues: [trouble],
    now,
  });
}
