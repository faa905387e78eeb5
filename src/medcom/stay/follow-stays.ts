import type { Encounter } from '@medplum/fhirtypes';
import { referring } from '../../coordination/facts/lookup.ts';
import type { StayEventRow } from '../../store/receipts/rows.ts';
import { readStayEvents, saveStayEvents } from '../../store/receipts/stay-events.ts';
import type { Change, Reader, StoreTransaction } from '../../store/store.ts';
import { sameResource } from '../same-resource.ts';
import { type Assignment, assignStays } from './assign.ts';
import { handEvents, isHospitalStay } from './hand-events.ts';
import { renderEncounter } from './render-encounter.ts';
import { bySentTime, type LoggedEvent, type StayEvent } from './stay-event.ts';
import { staysOfCitizen } from './stays-of-citizen.ts';
import { keepToldStates, type ToldStates, toldStates } from './told-states.ts';

type StoredStay = Encounter & { readonly id: string };

export interface FollowedStays extends Assignment {
  readonly changes: readonly Change[];
  /** The Encounter each event belongs to, by its source. */
  readonly stayOf: ReadonlyMap<string, string>;
  /** Whether an Encounter began, ended, was merged or got another identifier: letters may find their stay now. */
  readonly reshaped: boolean;
  /** What the latest message says of the citizen's life; undefined when none says anything. */
  readonly deceased: boolean | undefined;
  /** Writes the log; call it after `changes` were written. */
  save(): Promise<void>;
}

/**
 * Adds what was told to the citizen's log and works out what has to be written so that the stored stays are what all
 * notifications together say. The caller holds the citizen's lock.
 */
export async function followStays(
  transaction: StoreTransaction,
  patient: { readonly id: string; readonly isNew: boolean },
  told: readonly StayEvent[],
): Promise<FollowedStays> {
  const rows = patient.isNew ? [] : await readStayEvents(transaction, patient.id);
  const stored = patient.isNew ? [] : await storedStays(transaction, patient.id);
  const logged = rows.map(
    (row): LoggedEvent => ({
      ...(JSON.parse(row.event) as StayEvent),
      ...(row.stay === null ? {} : { stayId: row.stay }),
    }),
  );
  const byHand = changedByHand(stored, logged, toldStates(rows, logged));
  const known = new Set([...logged, ...byHand].map((event) => event.source));
  const fresh = told.filter((event) => !known.has(event.source));
  const log: readonly LoggedEvent[] = [...logged, ...byHand, ...fresh];

  const assignment = assignStays(staysOfCitizen(log), log);
  const keys = new Set(log.flatMap((event) => event.episodes.map((episode) => episode.key)));
  const changes = changesOf(assignment, stored, `Patient/${patient.id}`, keys);
  const stayOf = new Map(
    log.flatMap((event): [string, string][] =>
      event.stayId === undefined ? [] : [[event.source, event.stayId]],
    ),
  );
  for (const stay of assignment.stays) for (const source of stay.sources) stayOf.set(source, stay.id);
  return {
    ...assignment,
    changes,
    stayOf,
    reshaped: assignment.surplus.length > 0 || changes.some((change) => isReshaped(change, stored)),
    deceased: lifeOf(log),
    save: () => {
      const after = rowsOf(log, rows, stayOf);
      keepToldStates(after, assignment);
      return saveStayEvents(transaction, patient.id, changedRows(after, rows));
    },
  };
}

/** The citizen's hospital stays, cancelled ones among them. */
export async function storedStays(transaction: Reader, patientId: string): Promise<readonly StoredStay[]> {
  const found = await referring(transaction, [['Encounter', 'subject']], [`Patient/${patientId}`]);
  return (found as Encounter[]).filter(isHospitalStay);
}

function changedByHand(
  stored: readonly StoredStay[],
  logged: readonly LoggedEvent[],
  before: ToldStates,
): readonly LoggedEvent[] {
  const toldOf = new Set(logged.map((event) => event.stayId));
  return stored.flatMap((stay) => {
    const state = before.get(stay.id);
    // A merged or cancelled Encounter is nobody's stay any more.
    if (state === undefined && toldOf.has(stay.id)) return [];
    return handEvents(stay, state).map((event) => ({
      ...withIdentifiersOf(event, logged, stay.id),
      stayId: stay.id,
    }));
  });
}

/** A change by hand speaks of the stay as the notifications know it, whatever became of its identifiers. */
function withIdentifiersOf(event: StayEvent, logged: readonly LoggedEvent[], stayId: string): StayEvent {
  const own = logged
    .filter((each) => each.stayId === stayId)
    .sort(bySentTime)
    .at(-1);
  return own === undefined ? event : { ...event, episodes: own.episodes };
}

function changesOf(
  assignment: Assignment,
  stored: readonly StoredStay[],
  citizen: string,
  keys: ReadonlySet<string>,
): readonly Change[] {
  const byId = new Map(stored.map((stay) => [stay.id, stay]));
  const changes: Change[] = [];
  for (const stay of assignment.stays) {
    const existing = byId.get(stay.id);
    const resource = renderEncounter(existing, stay.id, citizen, stay.state, keys);
    if (existing === undefined) changes.push({ op: 'create', resource });
    else if (!sameResource(existing, resource)) changes.push({ op: 'update', resource });
  }
  for (const id of assignment.surplus) {
    const existing = byId.get(id);
    if (existing !== undefined && existing.status !== 'entered-in-error') {
      changes.push({ op: 'update', resource: { ...existing, status: 'entered-in-error' } });
    }
  }
  return changes;
}

function isReshaped(change: Change, stored: readonly StoredStay[]): boolean {
  if (change.op === 'create') return true;
  if (change.op === 'delete') return false;
  const before = stored.find((stay) => stay.id === change.resource.id);
  const shape = (stay: Partial<Encounter> | undefined) =>
    JSON.stringify([stay?.status === 'entered-in-error', stay?.period, stay?.identifier]);
  return shape(before) !== shape(change.resource as Encounter);
}

function lifeOf(log: readonly StayEvent[]): boolean | undefined {
  const words = log.filter((event) => event.deceased !== undefined).sort(bySentTime);
  // "Not dead" is only worth telling when a death was told.
  return words.some((event) => event.deceased === true) ? words.at(-1)?.deceased : undefined;
}

/** The log as it is to be stored; what was told is never told otherwise. */
function rowsOf(
  log: readonly LoggedEvent[],
  before: readonly StayEventRow[],
  stayOf: ReadonlyMap<string, string>,
): readonly StayEventRow[] {
  const texts = new Map(before.map((row) => [row.source, row.event]));
  return log.map(({ stayId: _stayId, ...event }) => ({
    source: event.source,
    stay: stayOf.get(event.source) ?? null,
    event: texts.get(event.source) ?? JSON.stringify(event),
  }));
}

function changedRows(
  after: readonly StayEventRow[],
  before: readonly StayEventRow[],
): readonly StayEventRow[] {
  const known = new Map(before.map((row) => [row.source, row.stay]));
  return after.filter((row) => known.get(row.source) !== row.stay);
}
