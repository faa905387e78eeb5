import { bySentTime, isAdmission, type StayEvent } from './stay-event.ts';

/** What is left of a stay's notifications once corrections and cancellations have been applied. */
export interface Survivors {
  readonly events: readonly StayEvent[];
  /** Admissions were told, and every one of them was cancelled. */
  readonly cancelled: boolean;
  /** For each surviving event, the sources of all messages that told it, corrections included. */
  readonly told: ReadonlyMap<StayEvent, readonly string[]>;
}

/** One thing that happened; the corrections of it change its value, a cancellation empties it. */
interface Slot {
  value: StayEvent;
  cancelled: boolean;
  readonly sources: string[];
}

/**
 * Applies RE_ and AN_ in the order in which the sender spoke, a named predecessor always before its successor, so
 * that neither late arrival nor a skewed clock matters. `deaths` are the death events that still hold.
 */
export function survivors(events: readonly StayEvent[], deaths: ReadonlySet<StayEvent>): Survivors {
  const slots: Slot[] = [];
  const slotOf = new Map<string, Slot>();
  const known = new Map(events.map((event) => [event.source, event]));
  const done = new Set<StayEvent>();

  const apply = (event: StayEvent): void => {
    if (done.has(event)) return;
    done.add(event);
    for (const source of event.predecessors) {
      const predecessor = known.get(source);
      if (predecessor !== undefined) apply(predecessor);
    }
    if (event.kind === 'death') {
      if (deaths.has(event)) slots.push({ value: event, cancelled: false, sources: [event.source] });
      return;
    }
    const slot = event.mode === 'new' ? restated(slots, event) : corrected(slots, slotOf, event);
    if (slot === undefined) {
      const opened = { value: event, cancelled: event.mode === 'cancel', sources: [event.source] };
      slots.push(opened);
      slotOf.set(event.source, opened);
      return;
    }
    slotOf.set(event.source, slot);
    slot.sources.push(event.source);
    if (event.mode === 'cancel') slot.cancelled = true;
    else slot.value = { ...event, ...carriedRequest(slot.value, event) };
  };
  for (const event of [...events].sort(bySentTime)) apply(event);

  const admissions = slots.filter((slot) => isAdmission(slot.value.kind));
  const live = slots.filter((slot) => !slot.cancelled);
  return {
    events: live.map((slot) => slot.value),
    cancelled: admissions.length > 0 && admissions.every((slot) => slot.cancelled),
    told: new Map(live.map((slot) => [slot.value, slot.sources])),
  };
}

/** A correction asks for no new admission report (S.BR10), but it does not take back the request either. */
function carriedRequest(before: StayEvent, after: StayEvent): Partial<StayEvent> {
  return {
    ...(before.reportRequested === true ? { reportRequested: true } : {}),
    ...(after.reportRecipient === undefined && before.reportRecipient !== undefined
      ? { reportRecipient: before.reportRecipient }
      : {}),
  };
}

/** The same thing told again, as AN_MORS does with the activity that held before the death. */
function restated(slots: readonly Slot[], event: StayEvent): Slot | undefined {
  return slots.find(
    (slot) =>
      !slot.cancelled && slot.value.kind === event.kind && Date.parse(slot.value.at) === Date.parse(event.at),
  );
}

/**
 * What a correction or cancellation speaks of: what it names; else what began at the same time; else the latest of
 * its kind, except that a cancellation which names something we do not know cancels nothing else.
 */
function corrected(
  slots: readonly Slot[],
  slotOf: ReadonlyMap<string, Slot>,
  event: StayEvent,
): Slot | undefined {
  for (const source of event.predecessors) {
    const named = slotOf.get(source);
    if (named?.value.kind === event.kind) return named;
  }
  const candidates = slots.filter((slot) => !slot.cancelled && slot.value.kind === event.kind);
  const sameStart = candidates.findLast((slot) => Date.parse(slot.value.start) === Date.parse(event.start));
  if (sameStart !== undefined) return sameStart;
  return event.mode === 'cancel' && event.predecessors.length > 0 ? undefined : candidates.at(-1);
}
