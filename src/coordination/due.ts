import type { PlanDefinitionAction } from '@medplum/fhirtypes';
import { unprocessable } from '../fhir/outcome.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import { addDays } from './day.ts';
import { type AnchorName, type Deadline, readDeadline } from './deadline.ts';
import { shift } from './duration.ts';
import { instantText, type Moment, momentOf } from './moment.ts';

/** The anchors of a stay as FHIR dateTimes; one that is absent has not happened (or is not known). */
export type Anchors = { readonly [name in AnchorName]?: string };

const copenhagen = createCalendar();
const deadlines = new WeakMap<PlanDefinitionAction, Deadline>();

/**
 * The due time that an agreement's action sets for a stay: the last instant at which the obligation is still met,
 * a FHIR instant in UTC with milliseconds. Undefined while the anchor is not known, or known to no better than the
 * month.
 *
 * An anchor given as a day without time is read to the benefit of those who owe: as its latest instant.
 * @throws FhirError 422 when the action's deadline is malformed
 */
export function dueTime(
  action: PlanDefinitionAction,
  anchors: Anchors,
  calendar: Calendar = copenhagen,
): string | undefined {
  const deadline = deadlineOf(action);
  const anchor = momentOf(anchors[deadline.anchor], calendar);
  const due = anchor === undefined ? undefined : dueInstant(deadline, anchor, calendar);
  return due === undefined ? undefined : instantText(due);
}

/** The deadline of an action, read once. @throws FhirError 422 when it is malformed */
export function deadlineOf(action: PlanDefinitionAction): Deadline {
  let deadline = deadlines.get(action);
  if (deadline === undefined) {
    const read = readDeadline(action.extension, 'PlanDefinition.action');
    if (Array.isArray(read)) throw unprocessable(read);
    deadline = read;
    deadlines.set(action, deadline);
  }
  return deadline;
}

/** {@link dueTime} on a deadline already read, in milliseconds since 1970. */
export function dueInstant(deadline: Deadline, anchor: Moment, calendar: Calendar): number | undefined {
  if (anchor.precision !== 'time' && anchor.precision !== 'day') return undefined;
  const { offset } = deadline;
  const last = anchor.latest;
  switch (deadline.rule) {
    case 'after':
      return offset === undefined ? undefined : shift(last, offset, calendar);
    case 'before':
      return last - 1;
    case 'end-of-day':
      return calendar.endOf(calendar.dayOf(last));
    case 'end-of-day-before':
      return calendar.endOf(addDays(calendar.dayOf(last), -(offset?.value ?? 1)));
    case 'business-days':
      return calendar.endOf(calendar.addBusinessDays(calendar.dayOf(last), offset?.value ?? 0));
  }
}
