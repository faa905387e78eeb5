import type { Random } from '../random.ts';

/** The sections that the agreements ask of a report on admission or discharge. */
const REQUIRED_SECTIONS = [
  'relatives',
  'services',
  'medicine',
  'functional-ability',
  'nursing-areas',
  'cause',
  'contact',
] as const;

/** Sections that come on top, by kind of exchange. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  'admission-report': ['aids', 'health-summary'],
  'care-pathway-plan': [
    'coordination',
    'diet',
    'infection-risk',
    'functional-ability',
    'nursing-areas',
    'cause',
  ],
  'ready-for-discharge': ['clinical-information'],
  'discharge-report': ['diagnoses', 'treatment', 'aids', 'infection-risk'],
  'discharge-letter': ['diagnoses', 'treatment', 'medicine', 'clinical-information'],
};

const REPORTS: ReadonlySet<string> = new Set(['admission-report', 'discharge-report']);

/** The sections of a full letter of this kind. */
export function fullSections(kind: string): readonly string[] {
  const further = FURTHER[kind] ?? [];
  return REPORTS.has(kind) ? [...REQUIRED_SECTIONS, ...further] : further;
}

const OTHERS = REQUIRED_SECTIONS.filter((code) => code !== 'nursing-areas');

/** As {@link fullSections}, but now and then a report with just enough of the required ones: five of seven. */
export function enoughSections(random: Random, kind: string): readonly string[] {
  return REPORTS.has(kind) && random.chance(0.1)
    ? ['nursing-areas', ...random.sample(OTHERS, 4)]
    : fullSections(kind);
}

/** Too few of the required sections: one to four of seven, where the agreements ask for 70 %. */
export function fewSections(random: Random): readonly string[] {
  return random.sample(REQUIRED_SECTIONS, random.integer(1, 4));
}
