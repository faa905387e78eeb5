import { byEventTime, isAdmission, type StayEvent } from './stay-event.ts';

/**
 * Cuts the timeline of one episode identifier into stays: a discharge (or death) closes a stay, and what begins
 * after it is another. An admission that arrived late but happened before the discharge belongs to the closed one.
 */
export function segments(events: readonly StayEvent[]): readonly (readonly StayEvent[])[] {
  const result: StayEvent[][] = [];
  let current: StayEvent[] = [];
  let closedAt: number | undefined;
  for (const event of [...events].sort(byEventTime)) {
    const begins = Date.parse(isAdmission(event.kind) ? event.at : event.start);
    if (closedAt !== undefined && begins > closedAt && event.startUnknown !== true) {
      result.push(current);
      current = [];
      closedAt = undefined;
    }
    current.push(event);
    if (event.kind === 'discharge' || event.kind === 'death') closedAt = Date.parse(event.at);
  }
  return current.length === 0 ? result : [...result, current];
}
