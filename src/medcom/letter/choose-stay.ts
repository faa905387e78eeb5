import type { Encounter } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';

type Stay = Encounter & { readonly id: string };

/** What a letter says that its stay can be known by. */
export interface StayHints {
  /** Normalised episode identifier. */
  readonly episode?: string;
  readonly admission?: string;
  readonly discharge?: string;
  readonly sent: string;
}

const HOUR = 3_600_000;
/** Letter and notification may tell the same admission some hours apart (arrival, registration). */
const SLACK = 12 * HOUR;
/** Discharge reports and letters come after the stay; this long they still belong to it. */
const AFTERMATH = 30 * 24 * HOUR;

/**
 * The stay of the citizen that a letter belongs to: the one with its episode identifier; else the one that fits its
 * admission and discharge; else, for a letter that tells neither, the one it was sent in or soon after.
 * A letter whose identifier or times fit no stay belongs to none yet.
 */
export function chooseStay(stays: readonly Stay[], hints: StayHints): Stay | undefined {
  const living = stays.filter((stay) => stay.status !== 'entered-in-error');
  const named = living.filter((stay) => hints.episode !== undefined && keysOf(stay).includes(hints.episode));
  // One identifier may have become two stays (a readmission under the same one): the times decide.
  if (named.length === 1) return named[0];
  const candidates = named.length > 1 ? named : living;
  if (hints.admission !== undefined || hints.discharge !== undefined) {
    return (
      nearest(
        candidates.filter((stay) => fits(stay, hints)),
        hints,
      ) ?? undefined
    );
  }
  if (hints.episode !== undefined && named.length === 0) return undefined;
  return candidates
    .filter((stay) => isAbout(stay, Date.parse(hints.sent)))
    .sort((a, b) => (startOf(b) ?? 0) - (startOf(a) ?? 0))[0];
}

function keysOf(stay: Stay): readonly (string | undefined)[] {
  return (stay.identifier ?? [])
    .filter((identifier) => identifier.system === IDENTIFIER_SYSTEM.stayEpisode)
    .map((identifier) => identifier.value);
}

function fits(stay: Stay, hints: StayHints): boolean {
  const start = startOf(stay);
  const end = endOf(stay);
  if (hints.admission !== undefined && start !== undefined) {
    const admitted = Date.parse(hints.admission);
    // A transfer's letter tells the admission to its own department: within the stay.
    if (admitted < start - SLACK || (end !== undefined && admitted > end)) return false;
  }
  if (hints.discharge !== undefined) {
    const discharged = Date.parse(hints.discharge);
    if (start !== undefined && discharged < start) return false;
    if (end !== undefined && Math.abs(discharged - end) > SLACK) return false;
  }
  return true;
}

function nearest(stays: readonly Stay[], hints: StayHints): Stay | undefined {
  const distance = (stay: Stay) => {
    const admitted =
      hints.admission === undefined ? 0 : Math.abs(Date.parse(hints.admission) - (startOf(stay) ?? 0));
    const discharged =
      hints.discharge === undefined
        ? 0
        : Math.abs(Date.parse(hints.discharge) - (endOf(stay) ?? Date.parse(hints.discharge)));
    return admitted + discharged;
  };
  return [...stays].sort((a, b) => distance(a) - distance(b) || (a.id < b.id ? -1 : 1))[0];
}

function isAbout(stay: Stay, sent: number): boolean {
  const start = startOf(stay);
  const end = endOf(stay);
  return (start === undefined || start - SLACK <= sent) && (end === undefined || sent <= end + AFTERMATH);
}

function startOf(stay: Stay): number | undefined {
  return stay.period?.start === undefined ? undefined : Date.parse(stay.period.start);
}

function endOf(stay: Stay): number | undefined {
  return stay.period?.end === undefined ? undefined : Date.parse(stay.period.end);
}
