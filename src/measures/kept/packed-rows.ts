import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import type { PackedRow, ReasonRow } from '../../store/verdicts/rows.ts';
import { localReference } from '../references.ts';
import type { Verdict } from '../stays/verdict.ts';
import type { Kept } from './kept-measures.ts';

/** What is kept of one verdict beside the packed row; member and subject are those of the reason's row. */
type StoredVerdict = Omit<Verdict, 'member' | 'subject'>;

/** A stay's verdicts worth keeping: those of Measures that count it, or that failed on it. */
export function worthKeeping(verdicts: readonly Verdict[]): Verdict[] {
  return verdicts.filter(({ groups }) => groups.some(({ bits }) => bits !== 0));
}

/** What the packed rows keep of a verdict. */
export type PackedVerdict = Pick<Verdict, 'measure' | 'anchor' | 'due' | 'groups'>;

/** All stratum values of verdicts: each has an id in the store. '' is no value and has none. */
export function stratumValues(verdicts: readonly PackedVerdict[]): Set<string> {
  return new Set(
    verdicts.flatMap(({ groups }) => groups.flatMap(({ strata }) => strata)).filter((value) => value !== ''),
  );
}

/** The packed rows of a stay, one a pack. */
export function packedRows(
  id: string,
  verdicts: readonly PackedVerdict[],
  kept: readonly Kept[],
  values: ReadonlyMap<string, number>,
  calendar: Calendar,
): PackedRow[] {
  const packs = new Map<number, Record<string, string | number>>();
  for (const verdict of verdicts) {
    const layout = kept.find(({ compiled }) => compiled.canonical === verdict.measure)?.kept.layout;
    if (layout === undefined) continue;
    const columns = packs.get(layout.pack) ?? {};
    packs.set(layout.pack, columns);
    for (const [index, group] of verdict.groups.entries()) {
      const place = layout.groups[index];
      if (place === undefined) continue;
      columns[`bits${place.slot}`] = group.bits;
      if (verdict.anchor !== undefined)
        columns[`anchor${place.slot}`] = calendar.dayOf(Date.parse(verdict.anchor));
      if (verdict.due !== undefined) columns[`due${place.slot}`] = verdict.due;
      if (group.observation !== undefined) columns[`obs${place.slot}`] = group.observation;
      for (const [at, value] of group.strata.entries()) {
        const valueId = values.get(value);
        if (valueId !== undefined) columns[`s${place.strata[at]}`] = valueId;
      }
    }
  }
  return [...packs].map(([pack, columns]) => ({ id, pack, columns }));
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
