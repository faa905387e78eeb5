import type { Measure, MeasureReport, MeasureReportGroupPopulation } from '@medplum/fhirtypes';
import { type AreaFunding, fundedIn, isNation } from '../funding.ts';
import { FUNDED_COUNT } from '../vocabulary.ts';

const NATION = 'nation';

/**
 * Adds to the initial populations of a report over whole years what the Measure says is funded in them: of the whole
 * nation, and of the strata that are areas of their own. Of a part of a year nothing is funded by itself.
 */
export function addFunded(report: MeasureReport, measure: Pick<Measure, 'extension'>): void {
  const years = wholeYears(report).map(
    (year) =>
      new Map(fundedIn(measure, year).map((one) => [isNation(one) ? NATION : areaOf(one.area), one.courses])),
  );
  // An area that is not funded in each of the years has no number for all of them.
  const fundedOf = (area: string): number | undefined =>
    years.length > 0 && years.every((year) => year.has(area))
      ? years.reduce((sum, year) => sum + (year.get(area) ?? 0), 0)
      : undefined;
  for (const group of report.group ?? []) {
    mark(group.population, fundedOf(NATION));
    for (const { stratum = [] } of group.stratifier ?? []) {
      for (const { value, population } of stratum) mark(population, fundedOf(areaOf(value?.coding?.[0])));
    }
  }
}

function areaOf(coding: AreaFunding['area'] | undefined): string {
  return `${coding?.system}|${coding?.code}`;
}

function wholeYears({ period: { start = '', end = '' } }: MeasureReport): number[] {
  if (!start.endsWith('-01-01') || !end.endsWith('-12-31')) return [];
  const first = Number(start.slice(0, 4));
  return Array.from({ length: Number(end.slice(0, 4)) - first + 1 }, (_, index) => first + index);
}

function mark(populations: MeasureReportGroupPopulation[] | undefined, funded: number | undefined): void {
  if (funded === undefined) return;
  for (const population of populations ?? []) {
    if (!population.code?.coding?.some(({ code }) => code === 'initial-population')) continue;
    population.extension = [{ url: FUNDED_COUNT, valueInteger: funded }];
  }
}
