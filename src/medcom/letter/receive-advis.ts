import { randomUUID } from 'node:crypto';
import type { Provenance } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { citizenChange, findCitizen } from '../parties/citizen.ts';
import { episodeKey } from '../stay/episode-key.ts';
import { followStays } from '../stay/follow-stays.ts';
import type { EpisodeKey, EventKind, StayEvent } from '../stay/stay-event.ts';
import { MEDCOM_SYSTEM } from '../vocabulary.ts';
import { reattachLetters } from './letter-case.ts';
import { missingElement } from './letter-error.ts';
import type { LetterFacts } from './letter-facts.ts';
import { sentTime } from './letter-resources.ts';
import { citizenChanges, letterParties, letterPatient } from './receive-exchange.ts';

const MODES = { nytbrev: 'new', rettetbrev: 'revise', annulleretbrev: 'cancel' } as const;

/** What an old advis (XDIS20, XDIS17) tells of the stay; undefined when the citizen only changed department. */
function advisEvent(letter: LetterFacts, identity: string, received: string): StayEvent | undefined {
  const status = letter.citizen.statusCode;
  if (letter.type === 'XDIS17' && (status === 'flyttet_til_sygehusafd' || status === 'flyttet_til_sygehus'))
    return undefined;
  const sent = sentTime(letter, received);
  const mode = MODES[letter.status];
  const at = letter.type === 'XDIS20' ? letter.admission : letter.discharge;
  if (at === undefined) throw missingElement(letter.type === 'XDIS20' ? 'Admission' : 'Discharge');
  const died = status === 'doed' && mode !== 'cancel';
  const kind: EventKind = died
    ? 'death'
    : letter.type === 'XDIS17'
      ? 'discharge'
      : status === 'ambulant'
        ? 'admit-emergency'
        : 'admit-inpatient';
  return {
    source: identity,
    mode: died ? 'new' : mode,
    kind,
    at: mode === 'cancel' ? sent : at,
    sent,
    class: kind === 'admit-emergency' ? 'EMER' : 'IMP',
    start: letter.admission ?? at,
    ...(letter.admission === undefined ? { startUnknown: true } : {}),
    episodes: episodesOf(letter),
    ...(died ? { deceased: true } : {}),
    // The admission advis is what the municipality answers with its admission report.
    ...(letter.type === 'XDIS20' && mode === 'new' ? { reportRequested: true } : {}),
    predecessors: [],
  };
}

/** The episode identifier, else the notification's own number, which the advis of discharge repeats. */
function episodesOf(letter: LetterFacts): readonly EpisodeKey[] {
  const own = episodeKey(letter.episode === undefined ? undefined : { value: letter.episode });
  if (own !== undefined) return [{ ...own, system: `${OVERGANG}/NamingSystem/letter-episode` }];
  const value = `${letter.sender.gln ?? letter.sender.identifier ?? ''}/${letter.notification ?? letter.identifier}`;
  const key = episodeKey({ value });
  return key === undefined ? [] : [{ ...key, system: `${OVERGANG}/NamingSystem/notification` }];
}

/** The older notification letters: the stay follows them as it follows a HospitalNotification. */
export async function receiveAdvis(
  transaction: StoreTransaction,
  letter: LetterFacts,
  context: { readonly identity: string; readonly received: string },
): Promise<void> {
  const event = advisEvent(letter, context.identity, context.received);
  const told = letterPatient(letter.citizen);
  const stored = await findCitizen(transaction, told);
  const patientId = stored?.id ?? randomUUID();
  const parties = await letterParties(transaction, letter);
  const provider = parties.reference(letter.sender);
  const stays = await followStays(
    transaction,
    { id: patientId, isNew: stored === undefined },
    event === undefined ? [] : [{ ...event, provider }],
  );
  const alive = citizenChanges(stored, { ...told, id: patientId }, letter, parties);
  const [changedCitizen] = alive;
  const citizen =
    stays.deceased === undefined
      ? alive
      : citizenChange(
          stored,
          changedCitizen === undefined || changedCitizen.op === 'delete'
            ? { ...told, id: patientId }
            : (changedCitizen.resource as typeof told),
          stays.deceased,
        ).changes;
  const stayId = event === undefined ? undefined : stays.stayOf.get(event.source);
  await transaction.write([
    ...parties.known.changes,
    ...citizen,
    ...stays.changes,
    ...(stayId === undefined
      ? []
      : [
          { op: 'create' as const, resource: provenanceOf(letter, context, `Encounter/${stayId}`, provider) },
        ]),
  ]);
  await stays.save();
  if (stored !== undefined && stays.reshaped) await reattachLetters(transaction, patientId);
}

function provenanceOf(
  letter: LetterFacts,
  context: { readonly identity: string; readonly received: string },
  target: string,
  agent: string,
): Provenance {
  return {
    resourceType: 'Provenance',
    target: [{ reference: target }],
    occurredDateTime: sentTime(letter, context.received),
    recorded: context.received,
    activity: { coding: [{ system: MEDCOM_SYSTEM.letterType, code: letter.type, version: letter.version }] },
    agent: [{ who: { reference: agent } }],
    entity: [
      {
        role: 'source',
        what: { identifier: { system: IDENTIFIER_SYSTEM.message, value: context.identity } },
      },
    ],
  };
}
