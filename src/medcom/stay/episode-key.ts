import type { Identifier } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { EpisodeKey } from './stay-event.ts';

/**
 * The spelling of an episode identifier for matching: lower case, without `urn:uuid:` and hyphens. The value is
 * opaque: real ones are not always UUIDs (danish-domain A.6, decision 4).
 */
export function normaliseEpisode(value: string): string {
  return value
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, '')
    .replaceAll('-', '');
}

/** Every identifier that a stay with these episodes is stored with. */
export function stayIdentifiers(episodes: readonly EpisodeKey[]): readonly Identifier[] {
  return episodes.flatMap(({ system, value, key }) => [
    ...(system === '' ? [] : [{ system, value }]),
    { system: IDENTIFIER_SYSTEM.stayEpisode, value: key },
  ]);
}

/** Undefined when the identifier has no value to match by. */
export function episodeKey(identifier: Identifier | undefined): EpisodeKey | undefined {
  const value = identifier?.value;
  if (value === undefined) return undefined;
  const key = normaliseEpisode(value);
  if (key === '') return undefined;
  const system = identifier?.system ?? '';
  return { system, value, key, national: system === IDENTIFIER_SYSTEM.lpr3 };
}
