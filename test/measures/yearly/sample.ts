import { MUNICIPALITIES } from '../../../src/coordination/municipalities.ts';
import { REGIONS } from '../../../src/coordination/regions.ts';
import { CODE_SYSTEM } from '../../../src/fhir/canonical.ts';
import type { CountRow } from '../../../src/measures/suppression/table.ts';
import { fundingIn } from '../../../src/measures/yearly/funding.ts';
import {
  COURSES,
  type Parameter,
  type ReportUnit,
  type YearlyReport,
} from '../../../src/measures/yearly/model.ts';
import { periodsOfYear, withLonger } from '../../../src/measures/yearly/periods.ts';
import { nationalMeasure } from '../support/facts.ts';

function fundedAs(year: number): Pick<YearlyReport, 'funding'> {
  const funding = fundingIn(nationalMeasure('courses'), year, UNITS);
  return funding === undefined ? {} : { funding };
}

const TITLES = [
  'Indlæggelsesrapport ved indlæggelse',
  'Fælles plan for udskrivelsen',
  'Plejeforløbsplan inden udskrivelsen',
  'Melding om færdigbehandling',
  'Udskrivningsrapport ved udskrivelsen',
  'Epikrise til almen praksis',
];

const PARAMETERS: readonly Parameter[] = TITLES.map((title, index) => ({
  id: `P${index + 1}`,
  url: `https://overgang.dk/fhir/Measure/parameter-${index + 1}`,
  version: '1.0.0',
  title,
  definition: `${title}: blandt udskrivninger af borgere i et koordinationsforløb er den aftalte handling sket senest ved aftalens frist.`,
  notation: 'increase',
  populations: {
    denominator: 'Udskrivninger af borgere i et koordinationsforløb',
    numerator: 'Opfyldt senest ved fristen',
    excluded: 'Fejlregistreret; akut ambulant uden indlæggelse; død under opholdet',
    pending: 'Ikke gjort, og fristen er ikke udløbet',
  },
}));

const UNITS: readonly ReportUnit[] = [
  { id: 'DK', level: 'nation', code: 'DK', system: 'urn:iso:std:iso:3166', name: 'Hele landet' },
  ...REGIONS.filter(({ code }) => code.startsWith('DK-')).map(
    ({ code, name }): ReportUnit => ({
      id: code,
      parent: 'DK',
      level: 'region',
      code,
      system: CODE_SYSTEM.region,
      name,
    }),
  ),
  ...MUNICIPALITIES.map(
    ({ code, name, regionOf2007 }): ReportUnit => ({
      id: code,
      parent: regionOf2007,
      level: 'municipality',
      code,
      system: CODE_SYSTEM.municipality,
      name,
    }),
  ),
];

/** A made-up report: three years, all municipalities, P4 with a real rise, the same for the same seed. */
export function sampleReport(options: { seed?: number; stays?: number; years?: number } = {}): YearlyReport {
  let seed = options.seed ?? 11;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const years = Array.from(
    { length: options.years ?? 3 },
    (_, index) => 2025 - (options.years ?? 3) + 1 + index,
  );
  const periods = years.flatMap(periodsOfYear);
  const counts = new Map<string, CountRow>();
  const add = (
    unit: ReportUnit,
    month: string,
    measure: string,
    row: Omit<CountRow, 'unit' | 'period' | 'measure'>,
  ) => {
    for (const above of [unit.id, unit.parent!, 'DK']) {
      for (const period of withLonger(periods, month)) {
        if (above === unit.id && period.kind !== 'year') continue;
        const key = `${measure} ${above} ${period.id}`;
        const old = counts.get(key);
        counts.set(key, {
          measure,
          unit: above,
          period: period.id,
          numerator: (old?.numerator ?? 0) + row.numerator,
          denominator: (old?.denominator ?? 0) + row.denominator,
          excluded: (old?.excluded ?? 0) + row.excluded,
          pending: (old?.pending ?? 0) + row.pending,
        });
      }
    }
  };
  const municipalities = UNITS.filter(({ level }) => level === 'municipality');
  const sizes = municipalities.map(() => Math.exp(2.4 * random()));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, unit] of municipalities.entries()) {
    const skill = (random() - 0.5) * 0.1;
    for (const period of periods.filter(({ kind }) => kind === 'month')) {
      const time = (Number(period.start.slice(0, 4)) - years[0]!) * 12 + Number(period.start.slice(5, 7));
      const mean = ((options.stays ?? 9000) / 12) * (sizes[index]! / whole) * (0.9 + time / 180);
      const stays = Math.max(0, Math.floor(mean + random() * 2 + (random() - 0.5) * Math.sqrt(mean) * 2));
      const courses = Math.round(stays * 0.8 + random());
      add(unit, period.id, COURSES, { numerator: courses, denominator: courses, excluded: 0, pending: 0 });
      for (const [number, parameter] of PARAMETERS.entries()) {
        const here = [1, 2, 4].includes(number)
          ? stays
          : Math.round(stays * [0.6, 1, 1, 0.35, 1, 0.96][number]!);
        const chance =
          [0.82, 0.71, 0.66, 0.58, 0.88, 0.93][number]! +
          skill +
          (number === 3 && time > years.length * 12 - 14 ? 0.12 : 0);
        const row = { numerator: 0, denominator: here, excluded: 0, pending: 0 };
        for (let stay = 0; stay < here; stay += 1) {
          const fate = random();
          if (fate < 0.03) row.excluded += 1;
          else if (fate < 0.03 + (period.id === '2025-12' ? 0.05 : 0)) row.pending += 1;
          else if (random() < chance) row.numerator += 1;
        }
        add(unit, period.id, parameter.id, row);
      }
    }
  }
  return {
    year: 2025,
    asOf: '2026-01-31T22:59:59.999Z',
    generated: '2026-02-02T08:00:00.000Z',
    publisher: 'Overgang',
    units: UNITS,
    periods,
    parameters: PARAMETERS,
    counts: [...counts.values()],
    ...fundedAs(2025),
    agreements: [
      {
        url: 'https://overgang.dk/fhir/PlanDefinition/agreement-DK-82',
        version: '2025',
        title: 'Sundhedsaftale',
        area: 'Region Midtjylland',
      },
    ],
  };
}
