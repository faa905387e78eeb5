import { keyOf } from '../keys.ts';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';

export interface ReasonRequest {
  /** `Patient/[id]` or `Encounter/[id]` */
  readonly subject?: string;
  /** `Practitioner/[id]` */
  readonly practitioner?: string;
  /** Only stays whose anchor lies within these local days, in the slot of a pack. */
  readonly anchored?: {
    readonly pack: number;
    readonly slot: number;
    readonly firstDay: string;
    readonly lastDay: string;
  };
}

/** Stays at a time. */
const PAGE = 1000;

/** The stored verdicts (JSON) of stays, page by page in the order of their keys. */
export async function* storedReasons(
  reader: Reader,
  request: ReasonRequest,
): AsyncGenerator<readonly string[]> {
  const sql = sqlOf(reader);
  const { subject, practitioner, anchored } = request;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const values: unknown[] = [after, PAGE];
    const conditions = ['r.stay > $1::uuid'];
    const add = (condition: (parameter: string) => string, value: unknown): void => {
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    if (subject?.startsWith('Encounter/')) add((at) => `r.stay = ${at}::uuid`, keyOf(subject));
    else if (subject !== undefined) add((at) => `r.subject = ${at}`, subject);
    if (practitioner !== undefined) add((at) => `r.coordinator = ${at}`, practitioner);
    if (anchored !== undefined) {
      const { slot } = anchored;
      add((at) => `v.pack = ${at}`, anchored.pack);
      // What failed before its anchor was known may belong to any period.
      add(
        (at) => `(v.anchor${slot} >= ${at}::date OR (v.anchor${slot} IS NULL AND v.bits${slot} & 512 <> 0))`,
        anchored.firstDay,
      );
      add((at) => `(v.anchor${slot} <= ${at}::date OR v.anchor${slot} IS NULL)`, anchored.lastDay);
    }
    const from =
      anchored === undefined ? 'verdict_reason r' : 'verdict_reason r JOIN verdict v ON v.stay = r.stay';
    const rows = await sql.query<{ stay: string; verdicts: string }>(
      `SELECT r.stay, r.verdicts FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY r.stay LIMIT $2`,
      values,
    );
    if (rows.length > 0) yield rows.map(({ verdicts }) => verdicts);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.stay;
  }
}

/** The stored verdicts (JSON) of stays where one could not be evaluated; there should be none. */
export async function failedReasons(reader: Reader, limit: number): Promise<string[]> {
  const rows = await sqlOf(reader).query<{ verdicts: string }>(
    'SELECT verdicts FROM verdict_reason WHERE failed ORDER BY stay LIMIT $1',
    [limit],
    'verdict_failed',
  );
  return rows.map(({ verdicts }) => verdicts);
}
