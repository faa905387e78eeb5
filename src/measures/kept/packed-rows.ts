import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import type { Layout } from '../../store/verdicts/layout.ts';
import type { PackedRow, ReasonRow } from '../../store/verdicts/rows.ts';
import { localReference } from '../references.ts';
import type { Verdict } from '../stays/verdict.ts';

/** What is kept of one verdict beside the packed row; member and subject are those of the reason's row. */
type StoredVerdict = Omit<Verdict, 'member' | 'subject'>;

/** A stay's verdicts worth keeping: those of Measures that count it, or that failed on it. */
export function worthKeeping(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter(({ groups }) => groups.some(({ bits }) => bits !== 0));
}

/** A packed row (rows.ts) of a stay whose stratum values have no ids yet. */
export interface TextRow {
  readonly pack: number;
  readonly columns: Readonly<Record<string, string | number>>;
  /** Values by stratum column; those without a value are left out. */
  readonly strata: Readonly<Record<string, string>>;
}

/**
 * The packed rows of a stay, one a pack. '' is no value and takes no column.
 * @param layouts by the Measures' canonicals
 */
export function textRows(
  verdicts: readonly Verdict[],
  layouts: ReadonlyMap<string, Layout>,
  calendar: Calendar,
): TextRow[] {
  const packs = new Map<
    number,
    { columns: Record<string, string | number>; strata: Record<string, string> }
  >();
  for (const { measure, anchor, due, groups } of verdicts) {
    const layout = layouts.get(measure);
    if (layout === undefined) continue;
    const { columns, strata } = packs.get(layout.pack) ?? { columns: {}, strata: {} };
    packs.set(layout.pack, { columns, strata });
    const day = anchor === undefined ? undefined : calendar.dayOf(Date.parse(anchor));
    for (const [index, group] of groups.entries()) {
      const place = layout.groups[index];
      if (place === undefined) continue;
      columns[`bits${place.slot}`] = group.bits;
      if (day !== undefined) columns[`anchor${place.slot}`] = day;
      if (due !== undefined) columns[`due${place.slot}`] = due;
      if (group.observation !== undefined) columns[`obs${place.slot}`] = group.observation;
      for (const [at, value] of group.strata.entries()) {
        if (value !== '') strata[`s${place.strata[at]}`] = value;
      }
    }
  }
  return [...packs].map(([pack, row]) => ({ pack, ...row }));
}

/** All stratum values of rows: each has an id in the store. */
export function stratumValues(rows: Iterable<TextRow>): Set<string> {
  const values = new Set<string>();
  for (const { strata } of rows) for (const column in strata) values.add(strata[column] as string);
  return values;
}

/** A row as it is stored. */
export function packedRow(
  id: string,
  { pack, columns, strata }: TextRow,
  values: ReadonlyMap<string, number>,
): PackedRow {
  const all: Record<string, string | number> = { ...columns };
  for (const column in strata) {
    const value = values.get(strata[column] as string);
    if (value !== undefined) all[column] = value;
  }
  return { id, pack, columns: all };
}

export function reasonRow(facts: StayFacts, verdicts: readonly Verdict[]): ReasonRow {
  const subject = verdicts[0]?.subject;
  const coordinator = localReference(facts.course?.careManager?.reference);
  return {
    id: facts.stay.id,
    ...(subject === undefined ? {} : { subject }),
    ...(coordinator === undefined ? {} : { coordinator }),
    failed: verdicts.some(({ failure }) => failure !== undefined),
    verdicts: JSON.stringify({
      member: `Encounter/${facts.stay.id}`,
      subject,
      verdicts: verdicts.map(stored),
    }),
  };
}

function stored({ member: _member, subject: _subject, ...verdict }: Verdict): StoredVerdict {
  return verdict;
}

/** The verdicts of a stored reason. */
export function verdictsOf(reason: string): Verdict[] {
  const { member, subject, verdicts } = JSON.parse(reason) as {
    member: string;
    subject?: string;
    verdicts: StoredVerdict[];
  };
  return verdicts.map((verdict) => ({ member, ...(subject === undefined ? {} : { subject }), ...verdict }));
}
