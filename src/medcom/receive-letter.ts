import { hash } from 'node:crypto';
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { nextTurn, stepTogether } from '../fhir/in-step.ts';
import { FhirError } from '../fhir/outcome.ts';
import type { XmlElement } from '../fhir/xml/reader.ts';
import { addReceipt, findReceipts } from '../store/receipts/receipt.ts';
import type { Store, StoreTransaction } from '../store/store.ts';
import { caseNeeds } from './intake/case-needs.ts';
import { deliver } from './intake/desk.ts';
import type { Needs } from './intake/errand.ts';
import { child, textAt } from './letter/elements.ts';
import { LetterError } from './letter/letter-error.ts';
import type { LetterFacts } from './letter/letter-facts.ts';
import { sentTime } from './letter/letter-resources.ts';
import { type Emessage, readEmessages } from './letter/read-emessage.ts';
import { readLetter } from './letter/read-letter.ts';
import { isReceipt } from './letter/read-receipt.ts';
import { negativeReceipt, positiveReceipt, type ReceiptSubject } from './letter/receipts.ts';
import { receiveAdvis } from './letter/receive-advis.ts';
import { letterPatient, receiveExchange } from './letter/receive-exchange.ts';
import { receiveReceipt } from './letter/receive-receipt.ts';
import { currentInstant, type ReceiveOptions } from './options.ts';
import { citizenLock, findCitizen } from './parties/citizen.ts';
import { isRelevant } from './relevance.ts';

export interface LetterOptions extends ReceiveOptions {
  /** `json`: answer with an OperationOutcome instead of a receipt. Default `xml`. */
  readonly accept?: 'xml' | 'json';
}

/** What to answer over HTTP. */
export interface LetterAnswer {
  /** 200 received; 204 a receipt, which gets none; 400 no letter at all; 422 refused; 503 our trouble, send again. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What became of one letter. */
interface Judgement {
  readonly refused?: LetterError;
  /** Absent when the letter was a receipt itself. */
  readonly receipt?: string;
}

/**
 * Receives what is posted as OIOXML: an Emessage with one or more letters, a list of Emessages, or a VANS envelope.
 * Each letter is received in its own transaction and answered with a receipt (XCTL03 or XCTL02 with the reason);
 * several receipts come in one `Emessages` element. A letter that came before gets the receipt it got then.
 */
export async function receiveLetter(
  store: Store,
  body: Uint8Array | string,
  options: LetterOptions = {},
): Promise<LetterAnswer> {
  await nextTurn();
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const now = currentInstant(options);
  let emessages: readonly Emessage[];
  try {
    emessages = readEmessages(bytes);
  } catch (error) {
    if (!(error instanceof LetterError)) throw error;
    const receipt = negativeReceipt({}, now, error.refuse, error.message);
    await keepRefusal(store, {}, receipt, bytes, now);
    return answer(400, [{ refused: error, receipt }], options);
  }
  const judgements: Judgement[] = [];
  await stepTogether();
  try {
    for (const emessage of emessages) {
      for (const letter of emessage.letters) judgements.push(await judge(store, emessage, letter, options));
    }
  } catch {
    return trouble(options);
  }
  return answer(judgements.some((each) => each.refused) ? 422 : 200, judgements, options);
}

async function judge(
  store: Store,
  emessage: Emessage,
  element: XmlElement,
  options: LetterOptions,
): Promise<Judgement> {
  const now = currentInstant(options);
  const subject = subjectOf(emessage, element);
  try {
    if (isReceipt(element)) {
      await receiveReceipt(store, element, { hash: hash('sha256', emessage.original, 'hex'), now });
      return {};
    }
    const letter = readLetter(element, emessage.envelope);
    await stepTogether();
    return { receipt: await receive(store, letter, subject, emessage, options) };
  } catch (error) {
    const refused = refusal(error);
    if (refused === undefined) throw error;
    if (isReceipt(element)) {
      await keepRefusal(store, subject, '', emessage.original, now);
      return { refused };
    }
    const receipt = negativeReceipt(subject, now, refused.refuse, refused.message);
    await keepRefusal(store, subject, receipt, emessage.original, now);
    return { refused, receipt };
  }
}

async function receive(
  store: Store,
  letter: LetterFacts,
  subject: ReceiptSubject,
  emessage: Emessage,
  options: LetterOptions,
): Promise<string> {
  const identity = `${letter.sender.gln ?? letter.sender.identifier}#${letter.identifier}`;
  const patient = letterPatient(letter.citizen);
  const needs: Needs = {
    locks: [`letter ${identity}`, citizenLock(patient)],
    identity,
    ...caseNeeds(patient, []),
    events: false,
    // The older notifications bring stays.
    alone: isAdvis(letter),
  };
  return deliver(store, needs, async (transaction) => {
    const received = currentInstant(options);
    const [before] = await findReceipts(transaction, identity, undefined);
    if (before !== undefined) return before.acknowledgement;
    const rule = options.relevance ?? 'everyone';
    const citizen = rule === 'everyone' ? undefined : await findCitizen(transaction, patient);
    if (await isRelevant(rule, transaction, citizen?.id, sentTime(letter, received))) {
      await act(transaction, letter, { identity, received, original: emessage.original });
    }
    const acknowledgement = positiveReceipt(subject, received);
    await addReceipt(transaction, {
      identity,
      transmission: `${subject.sender ?? ''}#${letter.envelope}`,
      kind: letter.type,
      activity: letter.status,
      ...(subject.sender === undefined ? {} : { sender: subject.sender }),
      ...(subject.receiver === undefined ? {} : { receiver: subject.receiver }),
      told: sentTime(letter, received),
      received,
      outcome: 'ok',
      contentHash: hash('sha256', emessage.original, 'hex'),
      acknowledgement,
    });
    return acknowledgement;
  });
}

function isAdvis({ type }: LetterFacts): boolean {
  return type === 'XDIS20' || type === 'XDIS17';
}

async function act(
  transaction: StoreTransaction,
  letter: LetterFacts,
  context: { readonly identity: string; readonly received: string; readonly original: Uint8Array },
): Promise<void> {
  if (isAdvis(letter)) return receiveAdvis(transaction, letter, context);
  if (letter.status === 'annulleretbrev') {
    throw new LetterError(
      'ikke_specificeret',
      `${letter.type} kan rettes, men ikke annulleres (cannot be cancelled).`,
      'Letter/StatusCode',
    );
  }
  return receiveExchange(transaction, letter, context);
}

/** What a receipt says of the letter, read without believing that the letter is right. */
function subjectOf(emessage: Emessage, element: XmlElement): ReceiptSubject {
  const cpr = textAt(element, 'Patient', 'CivilRegistrationNumber');
  const unless = (text: string | undefined) =>
    cpr !== undefined && text?.replaceAll('-', '').includes(cpr) ? undefined : text;
  const letter = unless(textAt(element, 'Letter', 'Identifier'));
  const envelope = unless(emessage.envelope.identifier);
  const version = textAt(element, 'Letter', 'VersionCode');
  const sender = gln(child(element, 'Sender'));
  const receiver = gln(child(element, 'Receiver'));
  return {
    ...(envelope === undefined ? {} : { envelope }),
    ...(letter === undefined ? {} : { letter }),
    ...(version === undefined ? {} : { version: version.slice(0, 10) }),
    ...(sender === undefined ? {} : { sender }),
    ...(receiver === undefined ? {} : { receiver }),
  };
}

function gln(party: XmlElement | undefined): string | undefined {
  const value = textAt(party, 'EANIdentifier');
  return value !== undefined && /^\d{13}$/.test(value) ? value : undefined;
}

async function keepRefusal(
  store: Store,
  subject: ReceiptSubject,
  acknowledgement: string,
  bytes: Uint8Array,
  received: string,
): Promise<void> {
  await store.transaction((transaction) =>
    addReceipt(transaction, {
      // A refused letter may be mended and sent again under its identifier: the refusal is no reason to ignore it.
      kind: 'letter',
      ...(subject.sender === undefined ? {} : { sender: subject.sender }),
      ...(subject.receiver === undefined ? {} : { receiver: subject.receiver }),
      received,
      outcome: 'fatal-error',
      contentHash: hash('sha256', bytes, 'hex'),
      acknowledgement,
    }),
  );
}

/** The refusal that an error of the letter's own stands for; undefined for trouble of ours. */
function refusal(error: unknown): LetterError | undefined {
  if (error instanceof LetterError) return error;
  if (error instanceof FhirError && error.status >= 400 && error.status < 500) {
    return new LetterError('ikke_specificeret', error.message);
  }
  return undefined;
}

function answer(status: number, judgements: readonly Judgement[], options: LetterOptions): LetterAnswer {
  if (options.accept === 'json') {
    return json(
      status,
      judgements.map(
        ({ refused }): OperationOutcomeIssue =>
          refused === undefined
            ? {
                severity: 'information',
                code: 'informational',
                diagnostics: 'Brevet er modtaget (the letter was received).',
              }
            : {
                severity: 'error',
                code: 'invalid',
                details: { text: refused.refuse },
                diagnostics: refused.message,
                ...(refused.place === undefined ? {} : { expression: [refused.place] }),
              },
      ),
    );
  }
  const receipts = judgements.flatMap((each) => each.receipt ?? []);
  if (receipts.length === 0) {
    const reasons = judgements
      .flatMap(({ refused }) => refused?.message ?? [])
      .map((reason) => `${reason}\n`);
    return {
      status: reasons.length === 0 ? 204 : status,
      contentType: 'text/plain; charset=utf-8',
      body: reasons.join(''),
    };
  }
  const body = receipts.length === 1 ? receipts[0]! : listOf(receipts);
  return { status, contentType: 'application/xml; charset=utf-8', body };
}

function listOf(receipts: readonly string[]): string {
  const bare = receipts.map((receipt) => receipt.replace(/^<\?xml[^?]*\?>\s*/, ''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Emessages>\n${bare.join('')}</Emessages>\n`;
}

function trouble(options: LetterOptions): LetterAnswer {
  const diagnostics = 'Overgang could not store the letter just now; send it again.';
  if (options.accept === 'json') return json(503, [{ severity: 'error', code: 'transient', diagnostics }]);
  return { status: 503, contentType: 'text/plain; charset=utf-8', body: `${diagnostics}\n` };
}

function json(status: number, issue: OperationOutcomeIssue[]): LetterAnswer {
  const outcome: OperationOutcome = { resourceType: 'OperationOutcome', issue };
  return { status, contentType: 'application/fhir+json; charset=utf-8', body: JSON.stringify(outcome) };
}
