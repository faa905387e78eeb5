import { type DayNumber, dayNumber } from './clock.ts';

/**
 * What the generator knows of the agreements: the deadlines of each region, written down a second time and by hand
 * from the sources (docs/agreements.md), because planted verdicts must not lean on the PlanDefinitions they test.
 */
export interface AgreementFacts {
  /** Hours after admission within which the admission report is due. */
  readonly reportHoursAfterAdmission: number;
  /** Stays shorter than this many hours need no plan. */
  readonly minimumStayHours: number;
  readonly carePathwayPlan: 'before-discharge' | 'day-before-discharge';
  /** Business days after the day of discharge at whose end the discharge letter is due. */
  readonly letterBusinessDays: number;
}

export const REGIONS = ['DK-81', 'DK-82', 'DK-83', 'DK-84', 'DK-85'] as const;
export type Region = (typeof REGIONS)[number];

const ORDINARY: AgreementFacts = {
  reportHoursAfterAdmission: 24,
  minimumStayHours: 24,
  carePathwayPlan: 'before-discharge',
  letterBusinessDays: 3,
};

const AGREEMENTS: Readonly<Record<Region, AgreementFacts>> = {
  'DK-81': ORDINARY,
  'DK-82': ORDINARY,
  'DK-83': { ...ORDINARY, minimumStayHours: 48 },
  'DK-84': { ...ORDINARY, minimumStayHours: 48, carePathwayPlan: 'day-before-discharge' },
  'DK-85': ORDINARY,
};

/** The regions that became Region Østdanmark, whose agreement is not made yet: the default holds from this day. */
const ENDED: ReadonlySet<Region> = new Set(['DK-84', 'DK-85']);
const END: DayNumber = dayNumber(2027, 1, 1);

/** What holds in a region for an obligation whose anchor lies on this day (2024 or later). */
export function agreementFacts(region: Region, day: DayNumber): AgreementFacts {
  return ENDED.has(region) && day >= END ? ORDINARY : AGREEMENTS[region];
}
