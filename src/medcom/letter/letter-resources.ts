import type {
  Binary,
  CarePlan,
  Communication,
  DocumentReference,
  Extension,
  Identifier,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXCHANGE, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { uuidV5 } from '../../fhir/uuid.ts';
import { normaliseEpisode } from '../stay/episode-key.ts';
import { MEDCOM_SYSTEM, UNMATCHED } from '../vocabulary.ts';
import { factsExtension } from './facts-extension.ts';
import type { LetterFacts } from './letter-facts.ts';
import { LETTER_KINDS } from './letter-kinds.ts';
import { sectionPayload } from './section-payload.ts';

/** Ids of a letter's resources follow from its identity, so that receiving it twice makes them once. */
const NAMESPACE = 'b7d2f4a6-5f0e-4f57-9a3c-6f6d2b1f8c21';

export interface LetterContext {
  /** Sender and identifier of the letter. */
  readonly identity: string;
  readonly patient: string;
  readonly sender: string;
  readonly receiver: string;
  readonly copyTo?: string;
  readonly received: string;
  readonly original: Uint8Array;
}

export interface LetterResources {
  readonly communication: Communication & { readonly id: string };
  readonly document: DocumentReference & { readonly id: string };
  readonly binary: Binary & { readonly id: string };
  readonly plans: readonly (CarePlan & { readonly id: string })[];
}

/** What a letter is known by: its sender and identifier. */
export function letterIdentity(letter: LetterFacts): string {
  return `${letter.sender.gln ?? letter.sender.identifier}#${letter.identifier}`;
}

/** Envelope before authorisation before reception (blueprint §4). */
export function sentTime(letter: LetterFacts, received: string): string {
  return letter.sent ?? letter.authorised ?? received;
}

/** The resources of an exchange, an answer or a correspondence; it is tied to its stay afterwards (attach.ts). */
export function letterResources(letter: LetterFacts, context: LetterContext): LetterResources {
  const id = uuidV5(NAMESPACE, context.identity);
  const kind = LETTER_KINDS[letter.type];
  const sent = sentTime(letter, context.received);
  const binary: LetterResources['binary'] = {
    resourceType: 'Binary',
    id: uuidV5(NAMESPACE, `${context.identity} original`),
    contentType: 'application/xml',
    data: Buffer.from(context.original).toString('base64'),
  };
  const document: LetterResources['document'] = {
    resourceType: 'DocumentReference',
    id: uuidV5(NAMESPACE, `${context.identity} document`),
    identifier: [messageIdentifier(context.identity)],
    status: 'current',
    type: { coding: [letterType(letter)], text: kind.title.da },
    subject: { reference: context.patient },
    date: context.received,
    author: [{ reference: context.sender }],
    content: [
      {
        attachment: {
          contentType: 'application/xml',
          url: `Binary/${binary.id}`,
          size: context.original.byteLength,
          title: `${kind.title.da} (${kind.title.en})`,
          creation: sent,
        },
      },
    ],
  };
  const communication: LetterResources['communication'] = {
    resourceType: 'Communication',
    id,
    meta: { tag: [{ ...UNMATCHED }] },
    extension: extensionsOf(letter),
    identifier: [
      messageIdentifier(context.identity),
      ...(letter.episode === undefined
        ? []
        : [{ system: IDENTIFIER_SYSTEM.stayEpisode, value: normaliseEpisode(letter.episode) }]),
    ],
    status: 'completed',
    category: [
      {
        coding: [
          ...(kind.exchange === undefined
            ? []
            : [{ system: CODE_SYSTEM.exchange, code: kind.exchange, display: kind.title.da }]),
          letterType(letter),
        ],
        text: kind.title.da,
      },
    ],
    subject: { reference: context.patient },
    sent,
    received: context.received,
    recipient: [context.receiver, ...(context.copyTo === undefined ? [] : [context.copyTo])].map(
      (reference) => ({ reference }),
    ),
    sender: { reference: context.sender },
    payload: [
      ...letter.sections.map(sectionPayload),
      { contentReference: { reference: `DocumentReference/${document.id}` } },
    ],
  };
  return { communication, document, binary, plans: plansOf(letter, context, id, sent) };
}

function messageIdentifier(value: string): Identifier {
  return { system: IDENTIFIER_SYSTEM.message, value };
}

function letterType(letter: LetterFacts) {
  return { system: MEDCOM_SYSTEM.letterType, code: letter.type, version: letter.version };
}

function extensionsOf(letter: LetterFacts): Extension[] {
  return [
    ...(letter.endOfTreatment === undefined
      ? []
      : [{ url: EXTENSION.endOfTreatment, valueDateTime: letter.endOfTreatment }]),
    factsExtension(letter),
  ];
}

/** XDIS21 is a plan; and a conference of hospital and municipality is where the joint plan was agreed. */
function plansOf(
  letter: LetterFacts,
  context: LetterContext,
  id: string,
  sent: string,
): LetterResources['plans'] {
  const frame = {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'plan',
    subject: { reference: context.patient },
    created: sent,
    author: { reference: context.sender },
    supportingInfo: [{ reference: `Communication/${id}` }],
    ...(letter.agreedDischarge === undefined
      ? {}
      : { extension: [{ url: EXTENSION.agreedDischarge, valueDateTime: letter.agreedDischarge }] }),
  } as const satisfies CarePlan;
  const plans: LetterResources['plans'][number][] = [];
  if (letter.type === 'XDIS21') {
    plans.push({
      ...frame,
      id: uuidV5(NAMESPACE, `${context.identity} ${EXCHANGE.carePathwayPlan}`),
      identifier: [messageIdentifier(context.identity)],
      category: [category(EXCHANGE.carePathwayPlan, 'Plejeforløbsplan')],
      title: 'Plejeforløbsplan (care pathway plan)',
      contributor: [{ reference: context.sender }],
    });
  }
  if (letter.conference !== undefined) {
    const agreed = (reference: string, sector: 'hospital' | 'municipality') => ({
      reference,
      extension: [
        {
          url: EXTENSION.planAgreement,
          extension: [
            { url: 'sector', valueCode: sector },
            { url: 'agreedAt', valueDateTime: letter.conference! },
          ],
        },
      ],
    });
    plans.push({
      ...frame,
      id: uuidV5(NAMESPACE, `${context.identity} ${EXCHANGE.dischargePlan}`),
      identifier: [messageIdentifier(context.identity)],
      category: [category(EXCHANGE.dischargePlan, 'Fælles plan for udskrivelsen')],
      title: 'Fælles plan for udskrivelsen (joint discharge plan)',
      contributor: [agreed(context.sender, 'hospital'), agreed(context.receiver, 'municipality')],
    });
  }
  return plans;
}

function category(code: string, display: string) {
  return { coding: [{ system: CODE_SYSTEM.exchange, code, display }] };
}
