import { dayNumber, readInstant } from '../../synthetic/clock.ts';
import { COORDINATION_UNITS } from '../../synthetic/places/coordination-units.ts';
import { HOSPITALS } from '../../synthetic/places/hospitals.ts';
import { MUNICIPALITIES } from '../../synthetic/places/municipalities.ts';
import { practicesIn } from '../../synthetic/places/practices.ts';
import { fullSections } from '../../synthetic/plan/sections.ts';
import type { Letter, PlannedCourse, PlannedStay } from '../../synthetic/plan/types.ts';

const found = <T>(items: readonly T[], wanted: (item: T) => boolean): T => items.find(wanted) as T;

const hospital = found(HOSPITALS, (one) => one.key === 'hospital-aarhus');
const unit = found(COORDINATION_UNITS, (one) => one.hospital === hospital);
const GERIATRICS = 2;

export const TIMES = {
  admitted: '2026-03-09T10:40:00+01:00',
  reported: '2026-03-09T11:25:00+01:00',
  planned: '2026-03-11T14:05:00+01:00',
  agreed: '2026-03-12T10:15:00+01:00',
  treated: '2026-03-12T13:00:00+01:00',
  notified: '2026-03-13T09:12:00+01:00',
  discharged: '2026-03-13T13:30:00+01:00',
  dischargeReported: '2026-03-13T14:10:00+01:00',
  letter: '2026-03-16T10:20:00+01:00',
} as const;

const at = (name: keyof typeof TIMES): number => readInstant(TIMES[name]);

const stay: PlannedStay = {
  key: 'story/stay/1',
  shape: {
    kind: 'inpatient',
    hospital,
    admission: at('admitted'),
    departments: [{ index: GERIATRICS, from: at('admitted') }],
    endOfTreatment: at('treated'),
    discharge: at('discharged'),
    died: false,
    enteredInError: false,
    reportRequested: true,
  },
  inCourse: true,
  letters: [],
  verdicts: [],
};

/** The citizen of the story: one of the test persons that dk-core publishes, 77 years old, in Aarhus. */
export const STORY: PlannedCourse & { readonly stays: readonly [PlannedStay] } = {
  key: 'story',
  citizen: {
    cpr: '2512489996',
    given: ['Nancy', 'Ann', 'Test'],
    family: 'Berggren',
    gender: 'female',
    birth: dayNumber(1948, 12, 25),
    municipality: found(MUNICIPALITIES, (one) => one.code === '0751'),
    street: 'Testvej 12',
    practice: practicesIn('0751')[0] as ReturnType<typeof practicesIn>[number],
    livesAlone: true,
    relative: { given: 'Pia', family: 'Test Berggren', relation: 'child' },
  },
  unit,
  coordinator: unit.coordinators[0] as (typeof unit.coordinators)[number],
  basis: 'rule',
  start: readInstant('2026-03-02'),
  services: { from: dayNumber(2024, 9, 1) },
  stays: [stay],
  clinical: {
    conditions: ['DJ449', 'DI509', 'DF009'],
    medicines: ['R03BB04', 'C03CA01', 'C07AB02', 'N06DA02', 'N02BE01', 'A02BC01'],
    scoredOn: dayNumber(2026, 2, 27),
    frailty: 6,
    barthel: 60,
  },
};

/** A full letter of the story. */
export function letter(kind: Letter['kind'], sent: keyof typeof TIMES): Letter {
  return {
    key: `story/stay/1/${kind}`,
    kind,
    sent: at(sent),
    sections: fullSections(kind),
    enteredInError: false,
    misaddressed: false,
  };
}
