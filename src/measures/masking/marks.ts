import { CODE_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import { type PublishedRow, suppress } from '../suppression/suppress.ts';
import type { Branch, CountRow, Counts, CountTable } from '../suppression/table.ts';
import type { ReportUnit } from '../yearly/model.ts';
import { ancestorsOf, UNKNOWN_UNIT } from '../yearly/units.ts';
import { type Frame, type FrameTable, keyOf } from './frame.ts';

/** A row of the frame: what was counted, and what of it may be shown. */
export interface Marked {
  readonly counts: Counts;
  readonly published: PublishedRow;
}

/** What may be shown of a table: the whole, or a stratum. Undefined: nothing. */
export type Marks = (
  table: string,
  period: string,
  stratum?: { readonly stratifier: string; readonly value: string },
) => Marked | undefined;

const STRATIFIER = `${OVERGANG}/CodeSystem/stratifier`;
const stratifierKey = (code: string): string => keyOf({ coding: [{ system: STRATIFIER, code }] });
const MUNICIPALITY = stratifierKey('municipality');
const REGION = stratifierKey('region');
/** Departments add up to their hospitals, which a report does not tell: only hospitals are shown. */
const DEPARTMENT = stratifierKey('department');

const ROOT = 'DK';
const NOTHING: Counts = { numerator: 0, denominator: 0, excluded: 0, pending: 0 };
/** Stratifiers with more values than this are shown by the year only: by month most of it would be hidden anyway. */
const FEW = 40;
/** Stratifiers with more than this are not shown: each value could stand in for each other, and all would be tried. */
const MANY = 400;

/** {@link Marks} as data, which can be handed from one thread to another. */
export interface MarkedRows {
  /** Tables whose regions and municipalities are one tree. */
  readonly spread: readonly string[];
  readonly rows: ReadonlyMap<string, Marked>;
}

/**
 * What of a year may be shown, all its answers taken together. The regions with their municipalities (these by year)
 * are one tree, as in the yearly report. Every other stratifier is a tree of its own under the same whole: it leaves
 * the whole as the first tree has it, and where something of the whole is hidden, all its strata are.
 * @param places the nation, its regions and their municipalities in that year
 */
export function markedRows(frame: Frame, places: readonly ReportUnit[], threshold: number): MarkedRows {
  const marked = new Map<string, Marked>();
  const note = (
    stratifier: string,
    table: CountTable,
    options: Parameters<typeof suppress>[1] = {},
  ): void => {
    const published = suppress(table, { threshold, ...options });
    for (const [index, { unit, measure, period, ...counts }] of table.rows.entries()) {
      // The whole is what the first tree says it is.
      if (stratifier !== '' && unit === ROOT) continue;
      const own = unit === ROOT ? '' : unit;
      marked.set(key(measure, period, stratifier, own), { counts, published: published[index]! });
    }
  };
  const spread = frame.tables.filter(({ strata }) => strata.has(MUNICIPALITY));
  note('', placesOf(frame, spread, places));
  const others = frame.tables.filter((table) => !spread.includes(table));
  note('', { units: [{ id: ROOT }], periods: frame.periods, rows: wholeRows(frame, others) });

  const isHidden = ({ measure, period }: CountRow): boolean => {
    const whole = marked.get(key(measure, period, '', ''))?.published;
    return (
      whole === undefined || Object.values(whole).some((cell) => typeof cell === 'object' && 'masked' in cell)
    );
  };
  for (const stratifier of new Set(frame.tables.flatMap(({ strata }) => [...strata.keys()]))) {
    if (
      stratifier === DEPARTMENT ||
      (spread.length > 0 && (stratifier === MUNICIPALITY || stratifier === REGION))
    )
      continue;
    const tables = frame.tables.filter(({ strata }) => strata.has(stratifier));
    if (valuesOf(tables, stratifier).length > MANY) continue;
    note(stratifier, strataOf(frame, tables, stratifier), { pinned: [ROOT], withheld: isHidden });
  }
  return { spread: spread.map(({ name }) => name), rows: marked };
}

export function marksOf({ spread, rows }: MarkedRows): Marks {
  return (table, period, stratum) => {
    if (stratum === undefined) return rows.get(key(table, period, '', ''));
    const place = spread.includes(table) ? placeOf(stratum) : undefined;
    return rows.get(
      place === undefined
        ? key(table, period, stratum.stratifier, stratum.value)
        : key(table, period, '', place),
    );
  };
}

function key(table: string, period: string, stratifier: string, value: string): string {
  return JSON.stringify([table, period, stratifier, value]);
}

/** The unit of a region or municipality; those of no known region are one unit, which no municipality is. */
function placeOf({
  stratifier,
  value,
}: {
  readonly stratifier: string;
  readonly value: string;
}): string | undefined {
  if (stratifier !== MUNICIPALITY && stratifier !== REGION) return undefined;
  const [system, code = ''] = JSON.parse(value) as [string, string?];
  if (stratifier === REGION) return system === CODE_SYSTEM.region || code !== 'unknown' ? code : UNKNOWN_UNIT;
  return system === CODE_SYSTEM.municipality ? code : 'no municipality';
}

function wholeRows(frame: Frame, tables: readonly FrameTable[]): CountRow[] {
  return tables.flatMap(({ name, whole }) =>
    frame.periods.map(({ id }) => ({ unit: ROOT, measure: name, period: id, ...(whole.get(id) ?? NOTHING) })),
  );
}

/** Nation, regions, municipalities; the rows of the yearly report, in its order. */
function placesOf(frame: Frame, tables: readonly FrameTable[], units: readonly ReportUnit[]): CountTable {
  const above = new Map<string, readonly string[]>();
  const municipalities = new Set(
    tables.flatMap(({ strata }) => [...(strata.get(MUNICIPALITY)?.keys() ?? [])]),
  );
  for (const value of municipalities) {
    const [system, code = ''] = JSON.parse(value) as [string, string?];
    above.set(value, ancestorsOf(units, system === CODE_SYSTEM.municipality ? code : ''));
  }
  const unknown = [...above.values()].some((path) => path.includes(UNKNOWN_UNIT));
  const rows = tables.flatMap(({ name, whole, strata }) =>
    units.flatMap(({ id, level }) =>
      frame.periods.flatMap((period): CountRow[] => {
        if (level === 'municipality' && period.kind !== 'year') return [];
        if (id === UNKNOWN_UNIT && !unknown) return [];
        const row = { unit: id, measure: name, period: period.id };
        if (level === 'nation') return [{ ...row, ...(whole.get(period.id) ?? NOTHING) }];
        const inside = [...(strata.get(MUNICIPALITY) ?? [])].filter(([value]) =>
          above.get(value)?.includes(id),
        );
        return [{ ...row, ...total(inside.map(([, counts]) => counts.get(period.id) ?? NOTHING)) }];
      }),
    ),
  );
  return { units: units.filter(({ id }) => unknown || id !== UNKNOWN_UNIT), periods: frame.periods, rows };
}

function valuesOf(tables: readonly FrameTable[], stratifier: string): string[] {
  return [...new Set(tables.flatMap(({ strata }) => [...(strata.get(stratifier)?.keys() ?? [])]))].sort();
}

function strataOf(frame: Frame, tables: readonly FrameTable[], stratifier: string): CountTable {
  const values = valuesOf(tables, stratifier);
  const units: Branch[] = [{ id: ROOT }, ...values.map((id) => ({ id, parent: ROOT }))];
  const periods = values.length > FEW ? frame.periods.filter(({ kind }) => kind === 'year') : frame.periods;
  const rows = tables.flatMap(({ name, whole, strata }) =>
    units.flatMap(({ id }) =>
      periods.map((period) => {
        const counts = id === ROOT ? whole : strata.get(stratifier)?.get(id);
        return { unit: id, measure: name, period: period.id, ...(counts?.get(period.id) ?? NOTHING) };
      }),
    ),
  );
  return { units, periods, rows };
}

function total(parts: readonly Counts[]): Counts {
  return parts.reduce(
    (sum, { numerator, denominator, excluded, pending }) => ({
      numerator: sum.numerator + numerator,
      denominator: sum.denominator + denominator,
      excluded: sum.excluded + excluded,
      pending: sum.pending + pending,
    }),
    NOTHING,
  );
}
