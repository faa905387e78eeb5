import type { EpisodeOfCare } from '@medplum/fhirtypes';
import { referring } from '../coordination/facts/lookup.ts';
import { CODE_SYSTEM } from '../fhir/canonical.ts';
import type { Reader } from '../store/store.ts';

/**
 * Whose messages may be kept (R.BR1: content about others must be deleted at once, danish-domain A.5, F).
 * - `everyone`: all citizens.
 * - `known-cases`: citizens with a course or municipal services that have not ended before the message's time.
 * - a function: a rule of your own; `patientId` is undefined for a citizen that the store does not know.
 */
export type Relevance =
  | 'everyone'
  | 'known-cases'
  | ((reader: Reader, patientId: string | undefined, at: string) => Promise<boolean>);

/** Whether content about this citizen may be kept. */
export async function isRelevant(
  rule: Relevance,
  reader: Reader,
  patientId: string | undefined,
  at: string,
): Promise<boolean> {
  if (rule === 'everyone') return true;
  if (typeof rule === 'function') return rule(reader, patientId, at);
  if (patientId === undefined) return false;
  const episodes = await referring(reader, [['EpisodeOfCare', 'patient']], [`Patient/${patientId}`]);
  return episodes.some((episode) => isCase(episode as EpisodeOfCare, at));
}

function isCase(episode: EpisodeOfCare, at: string): boolean {
  if (episode.status === 'entered-in-error' || episode.status === 'cancelled') return false;
  const isOurs = episode.type?.some((type) =>
    type.coding?.some((coding) => coding.system === CODE_SYSTEM.courseType),
  );
  if (isOurs !== true) return false;
  const { start, end } = episode.period ?? {};
  return (
    (start === undefined || !isAfter(start, at)) &&
    (end === undefined || !isAfter(at.slice(0, end.length), end))
  );
}

/** Compares to the precision that both have; a date without time holds all day. */
function isAfter(a: string, b: string): boolean {
  if (a.length <= 10 || b.length <= 10) return a.slice(0, 10) > b.slice(0, 10);
  return Date.parse(a) > Date.parse(b);
}
