import type { StayEvent } from './stay-event.ts';

/**
 * Groups a citizen's events by episode identifier. Local identifiers join; the national LPR3 identifier, which
 * several stays of one illness can share, joins only events that carry no local one.
 */
export function components(events: readonly StayEvent[]): readonly (readonly StayEvent[])[] {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    const up = parent.get(key);
    if (up === undefined || up === key) return key;
    const top = root(up);
    parent.set(key, top);
    return top;
  };
  const localKeys = (event: StayEvent): readonly string[] =>
    event.episodes.filter((episode) => !episode.national).map((episode) => episode.key);

  const ownersOfNational = new Map<string, Set<string>>();
  for (const event of events) {
    const keys = localKeys(event);
    for (const key of keys) {
      parent.set(key, parent.get(key) ?? key);
      const [one, other] = [root(keys[0]!), root(key)].sort();
      parent.set(other!, one!);
    }
  }
  for (const event of events) {
    const [local] = localKeys(event);
    if (local === undefined) continue;
    for (const episode of event.episodes.filter((each) => each.national)) {
      const owners = ownersOfNational.get(episode.key) ?? new Set();
      ownersOfNational.set(episode.key, owners.add(root(local)));
    }
  }

  const groups = new Map<string, StayEvent[]>();
  for (const event of events) {
    const [local] = localKeys(event);
    const key = local === undefined ? nationalGroup(event, ownersOfNational) : root(local);
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()];
}

/** The one stay that carries this national identifier too; where none or several do, a group of its own. */
function nationalGroup(event: StayEvent, owners: ReadonlyMap<string, ReadonlySet<string>>): string {
  const keys = event.episodes.map((episode) => episode.key).sort();
  for (const key of keys) {
    const candidates = owners.get(key);
    if (candidates?.size === 1) return [...candidates][0]!;
  }
  return `national ${keys[0] ?? event.source}`;
}
