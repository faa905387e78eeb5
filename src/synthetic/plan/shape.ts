import { dayOf, HOUR, type Instant, instantAt, MINUTE, weekday } from '../clock.ts';
import { isBusinessDay } from '../holidays.ts';
import type { Hospital } from '../places/hospitals.ts';
import type { Random } from '../random.ts';
import type { StayClass, StayShape } from './types.ts';

/** A normal deviate (Box–Muller). */
function deviate(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Hours from admission to discharge: half of the stays under four days, a long tail, some shorter than a day. */
function lengthOfStay(random: Random, kind: StayClass): number {
  if (kind === 'emergency') return random.integer(2, 14);
  const how = random.weighted({ ordinary: 88, 'under-a-day': 8, 'one-day': 2, 'two-days': 2 });
  if (how === 'under-a-day') return random.integer(5, 23);
  if (how === 'one-day') return 24;
  if (how === 'two-days') return 48;
  return Math.min(24 * 45, Math.max(25, 24 * Math.exp(1.35 + 0.8 * deviate(random))));
}

/** Patients go home in the daytime, and seldom on a weekend or holiday: three of four such discharges wait. */
function goingHome(random: Random, admission: Instant, hours: number): Instant {
  const earliest = admission + hours * HOUR;
  let day = dayOf(earliest);
  if (!isBusinessDay(day) && random.chance(0.75)) {
    while (!isBusinessDay(day)) day += 1;
  }
  const friday = weekday(day) === 5;
  const chosen = instantAt(day, random.integer(9, friday ? 17 : 19), random.integer(0, 59));
  return chosen > admission + 20 * HOUR ? chosen : earliest;
}

function endOfTreatment(random: Random, admission: Instant, discharge: Instant): Instant | undefined {
  const how = random.weighted({ 'same-day': 48, 'days-before': 46, 'not-told': 6 });
  if (how === 'not-told') return undefined;
  const day = dayOf(discharge) - (how === 'days-before' ? random.integer(1, 5) : 0);
  const chosen = instantAt(day, random.integer(8, 14), random.integer(0, 59));
  return chosen > admission + 2 * HOUR && chosen < discharge ? chosen : discharge - 30 * MINUTE;
}

/** Transfers between departments of the hospital: they continue the stay. */
function departments(
  random: Random,
  hospital: Hospital,
  admission: Instant,
  discharge: Instant,
): StayShape['departments'] {
  const acute = random.chance(0.5);
  const first = acute ? 0 : random.integer(1, hospital.departments.length - 1);
  const moves = acute ? 1 : Number(random.chance(0.08));
  const path = [{ index: first, from: admission }];
  for (let move = 0; move < moves; move += 1) {
    const from =
      admission + Math.floor(((discharge - admission) * (0.1 + 0.5 * random.next())) / MINUTE) * MINUTE;
    path.push({ index: 1 + ((first + move) % (hospital.departments.length - 1)), from });
  }
  return path;
}

/** How a stay goes, from its admission to its end, wherever the as-of time lies. */
export function planShape(
  random: Random,
  hospital: Hospital,
  admission: Instant,
): StayShape & { discharge: Instant } {
  const kind = random.weighted<StayClass>({ inpatient: 76, 'emergency-then-inpatient': 15, emergency: 9 });
  const hours = lengthOfStay(random, kind);
  const died = kind !== 'emergency' && random.chance(0.04);
  const exact = hours < 25 || hours === 48;
  const discharge =
    died || exact
      ? admission + Math.round((hours * HOUR) / MINUTE) * MINUTE
      : goingHome(random, admission, hours);
  const treated = died ? undefined : endOfTreatment(random, admission, discharge);
  const middle = admission + Math.floor((discharge - admission) / 2 / MINUTE) * MINUTE;
  const onLeave = kind === 'inpatient' && discharge - admission > 96 * HOUR && random.chance(0.08);
  return {
    kind,
    hospital,
    admission,
    departments:
      kind === 'emergency'
        ? [{ index: 0, from: admission }]
        : departments(random, hospital, admission, discharge),
    ...(kind === 'emergency-then-inpatient'
      ? { inpatientFrom: admission + random.integer(20, 150) * MINUTE }
      : {}),
    ...(onLeave ? { leave: { from: middle, until: middle + random.integer(4, 28) * HOUR } } : {}),
    ...(treated === undefined ? {} : { endOfTreatment: treated }),
    discharge,
    died,
    enteredInError: random.chance(0.02),
    reportRequested: random.chance(0.94),
  };
}

/** The same stay as it is known at the as-of time. */
export function knownAt(shape: StayShape & { discharge: Instant }, asOf: Instant): StayShape {
  const { discharge, endOfTreatment: treated, leave, inpatientFrom, ...rest } = shape;
  const ended = discharge <= asOf;
  const returned = leave?.until !== undefined && leave.until <= asOf;
  const admitted = inpatientFrom === undefined || inpatientFrom <= asOf;
  return {
    ...rest,
    kind: admitted ? shape.kind : 'emergency',
    departments: shape.departments.filter((step) => step.from <= asOf),
    ...(inpatientFrom !== undefined && admitted ? { inpatientFrom } : {}),
    ...(leave !== undefined && leave.from <= asOf ? { leave: returned ? leave : { from: leave.from } } : {}),
    ...(treated !== undefined && treated <= asOf ? { endOfTreatment: treated } : {}),
    ...(ended ? { discharge } : {}),
    died: shape.died && ended,
  };
}
