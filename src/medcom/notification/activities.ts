import type { EventKind, StayClass, StayEvent } from '../stay/stay-event.ts';

export type NotificationStatus = 'in-progress' | 'onleave' | 'finished' | 'entered-in-error';

/** One row of MedCom's table of status, class and activity (danish-domain A.5). */
export interface Activity {
  readonly code: string;
  /** The Danish short code that clinicians know (STIN, RE_STOR …). */
  readonly shortCode: string;
  readonly mode: StayEvent['mode'];
  readonly kind: EventKind;
  readonly class: StayClass;
  readonly status: NotificationStatus;
}

interface Statement {
  readonly code: string;
  readonly shortCode: string;
  readonly kind: EventKind;
  readonly class: StayClass;
  readonly status: NotificationStatus;
  readonly statusWhenCancelled: NotificationStatus;
}

const STATEMENTS: readonly Statement[] = [
  statement('admit-emergency', 'STAA', 'admit-emergency', 'EMER', 'in-progress', 'entered-in-error'),
  statement('admit-inpatient', 'STIN', 'admit-inpatient', 'IMP', 'in-progress', 'entered-in-error'),
  statement('start-leave-inpatient', 'STOR', 'start-leave', 'IMP', 'onleave', 'in-progress'),
  statement('end-leave-inpatient', 'SLOR', 'end-leave', 'IMP', 'in-progress', 'onleave'),
  statement('discharge-emergency-home', 'SLHJ', 'discharge', 'EMER', 'finished', 'in-progress'),
  statement('discharge-inpatient-home', 'SLHJ', 'discharge', 'IMP', 'finished', 'in-progress'),
];

function statement(
  code: string,
  shortCode: string,
  kind: EventKind,
  stayClass: StayClass,
  status: NotificationStatus,
  statusWhenCancelled: NotificationStatus,
): Statement {
  return { code, shortCode, kind, class: stayClass, status, statusWhenCancelled };
}

/** Every activity of a HospitalNotification by its code. Death has none of its own: it is told by the Patient. */
export const ACTIVITIES: ReadonlyMap<string, Activity> = new Map(
  STATEMENTS.flatMap(({ statusWhenCancelled, ...row }): Activity[] => [
    { ...row, mode: 'new' },
    { ...row, mode: 'revise', code: `revise-${row.code}`, shortCode: `RE_${row.shortCode}` },
    {
      ...row,
      mode: 'cancel',
      code: `cancel-${row.code}`,
      shortCode: `AN_${row.shortCode}`,
      status: statusWhenCancelled,
    },
  ]).map((activity) => [activity.code, activity]),
);
