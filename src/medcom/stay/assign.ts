import { randomUUID } from 'node:crypto';
import type { LoggedEvent } from './stay-event.ts';
import type { Stay } from './stays-of-citizen.ts';

interface AssignedStay extends Stay {
  readonly id: string;
}

export interface Assignment {
  readonly stays: readonly AssignedStay[];
  /** Encounters that once stood for a stay of their own and no longer do: merged into another, or cancelled. */
  readonly surplus: readonly string[];
}

/** Gives each stay the Encounter that its events were told into before, in order of time; a new stay a new id. */
export function assignStays(stays: readonly Stay[], log: readonly LoggedEvent[]): Assignment {
  const before = new Map(log.map((event) => [event.source, event.stayId]));
  const claimed = new Set<string>();
  const assigned = [...stays].sort(byStart).map((stay): AssignedStay => {
    const known = stay.sources
      .map((source) => before.get(source))
      .find((id): id is string => id !== undefined && !claimed.has(id));
    const id = known ?? randomUUID();
    claimed.add(id);
    return { ...stay, id };
  });
  const surplus = [...new Set(before.values())].filter(
    (id): id is string => id !== undefined && !claimed.has(id),
  );
  return { stays: assigned, surplus };
}

/** Living stays first: a cancelled one must not take the Encounter of a stay that goes on. */
function byStart(a: Stay, b: Stay): number {
  return (
    Number(a.state.status === 'entered-in-error') - Number(b.state.status === 'entered-in-error') ||
    Date.parse(a.state.start) - Date.parse(b.state.start)
  );
}
