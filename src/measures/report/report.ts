import type {
  CodeableConcept,
  Extension,
  Measure,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifier,
  MeasureReportGroupStratifierStratum,
  Quantity,
} from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonical.ts';
import type { CompiledGroup } from '../compile/compiled-measure.ts';
import { improvementNotation } from '../compile/measure-elements.ts';
import type { Interval } from '../statistics/counts.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import { type Names, partsOf, stratumValue } from '../stays/stratum-value.ts';
import { isPopulationCode, type PopulationCode, SCORE_INTERVAL } from '../vocabulary.ts';
import type { MeasurementPeriod } from './period.ts';
import { isMember } from './populations.ts';
import { scored, scoreOf } from './score.ts';
import type { Cell, GroupTally } from './tally.ts';

/** What a MeasureReport says, before it is written down. */
export interface ReportContent {
  readonly measure: Measure;
  readonly canonical: string;
  readonly groups: readonly CompiledGroup[];
  readonly period: MeasurementPeriod;
  readonly type: MeasureReport['type'];
  readonly subject?: string;
  /** Instant at which the report is made. */
  readonly date: string;
  readonly tallies: readonly GroupTally[];
  readonly names: Names;
}

/** MeasureReport (R4) of counted members; lists, evaluated resources and failures are added by who has them. */
export function reportOf(content: ReportContent): MeasureReport {
  const notation = improvementNotation(content.measure);
  return {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: content.type,
    measure: content.canonical,
    ...(content.subject === undefined ? {} : { subject: { reference: content.subject } }),
    date: content.date,
    period: { start: content.period.firstDay, end: content.period.lastDay },
    ...(notation === undefined ? {} : { improvementNotation: notation }),
    group: content.groups.map((group, index) =>
      groupReport(content.measure, group, index, content.tallies[index] as GroupTally, content.names),
    ),
  };
}

function groupReport(
  measure: Measure,
  group: CompiledGroup,
  index: number,
  tally: GroupTally,
  names: Names,
): MeasureReportGroup {
  const codes = populationCodes(measure, index);
  return {
    ...(measure.group?.[index]?.id === undefined ? {} : { id: measure.group[index].id }),
    ...(group.code === undefined ? {} : { code: group.code }),
    population: codes.map(([code, concept]) => ({ code: concept, count: countOf(tally.whole, code) })),
    ...score(group, tally.whole, tally.observations),
    ...(group.stratifiers.length === 0
      ? {}
      : { stratifier: group.stratifiers.map((_, at) => stratifierReport(group, at, tally, codes, names)) }),
  };
}

function populationCodes(measure: Measure, group: number): [PopulationCode, CodeableConcept][] {
  return (measure.group?.[group]?.population ?? []).flatMap((population) => {
    const code = population.code?.coding?.map((coding) => coding.code).find(isPopulationCode);
    return code === undefined || population.code === undefined
      ? []
      : [[code, population.code] as [PopulationCode, CodeableConcept]];
  });
}

function stratifierReport(
  group: CompiledGroup,
  at: number,
  tally: GroupTally,
  codes: readonly [PopulationCode, CodeableConcept][],
  names: Names,
): MeasureReportGroupStratifier {
  const strata = [...(tally.strata[at] ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  const code = group.stratifiers[at]?.code;
  return {
    ...(code === undefined ? {} : { code: [code] }),
    // FHIR has no empty lists: a stratifier of nobody has no stratum.
    ...(strata.length === 0
      ? {}
      : {
          stratum: strata.map(([value, cell]) => ({
            ...valueOfStratum(group, at, value, names),
            population: codes.map(([population, concept]) => ({
              code: concept,
              count: countOf(cell, population),
            })),
            ...score(group, cell, tally.strataObservations[at]?.get(value) ?? []),
          })),
        }),
  };
}

/** mrp-2: a stratum has a value, or components. */
function valueOfStratum(
  group: CompiledGroup,
  at: number,
  value: string,
  names: Names,
): Pick<MeasureReportGroupStratifierStratum, 'value' | 'component'> {
  const parts = partsOf(group, at, value);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return { value: stratumValue(...only, names) };
  return {
    component: parts.map(([part, single]) => ({
      code: part.code ?? { text: 'component' },
      value: stratumValue(part, single, names),
    })),
  };
}

function countOf(cell: Cell, code: PopulationCode): number {
  let sum = 0;
  for (const [bits, members] of cell) if (isMember(bits, code, false)) sum += members;
  return sum;
}

function score(
  group: CompiledGroup,
  cell: Cell,
  observations: readonly number[],
): { measureScore?: Quantity } {
  if (group.scoring === 'cohort') return {};
  const value = scoreOf(group.scoring, cell, observations, group.aggregate);
  if (value === undefined) {
    // Nothing to measure is neither 0 nor 1.
    return {
      measureScore: { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'not-applicable' }] },
    };
  }
  const interval = group.scoring === 'proportion' ? wilsonInterval(scored(cell)) : undefined;
  return {
    measureScore: { value, ...(interval === undefined ? {} : { extension: [intervalOf(interval)] }) },
  };
}

/** Wilson's 95 % interval beside a proportion. */
function intervalOf({ low, high }: Interval): Extension {
  return {
    url: SCORE_INTERVAL,
    extension: [
      { url: 'low', valueDecimal: low },
      { url: 'high', valueDecimal: high },
      { url: 'level', valueDecimal: 0.95 },
    ],
  };
}
