import type { Reader } from '../../store/store.ts';
import { failedReasons, storedReasons } from '../../store/verdicts/reasons.ts';
import type { Evaluation } from '../evaluate-request.ts';
import { isWithin } from '../stays/belonging.ts';
import type { Verdict } from '../stays/verdict.ts';
import type { Kept } from './kept-measures.ts';
import { verdictsOf } from './packed-rows.ts';

/** Failures read at most; a report tells the first of them. */
const FAILURES = 1000;

/** The kept verdicts of a Measure on the stays that a request is about. */
export async function* keptVerdicts(
  reader: Reader,
  { compiled, kept }: Kept,
  { period, subject, practitioner }: Pick<Evaluation, 'period' | 'subject' | 'practitioner'>,
): AsyncGenerator<Verdict> {
  const slot = kept.layout.groups[0]?.slot;
  const anchored =
    subject !== undefined || slot === undefined || kept.layout.groups.length > 1
      ? undefined
      : { pack: kept.layout.pack, slot, firstDay: period.firstDay, lastDay: period.lastDay };
  const request = {
    ...(subject === undefined ? {} : { subject }),
    ...(practitioner === undefined ? {} : { practitioner }),
    ...(anchored === undefined ? {} : { anchored }),
  };
  const wanted = (verdict: Verdict): boolean =>
    verdict.measure === compiled.canonical && isWithin(verdict, period);
  for await (const page of storedReasons(reader, request)) {
    for (const reason of page) yield* verdictsOf(reason).filter(wanted);
  }
  if (anchored === undefined) return;
  // What failed before its anchor was known has no day to be found by.
  const failures = (await keptFailures(reader, period)).filter(wanted);
  const known = (verdict: Verdict): boolean =>
    (subject === undefined || verdict.subject === subject) && verdict.anchor === undefined;
  if (practitioner === undefined) yield* failures.filter(known);
}

/** The kept verdicts that could not be made, of any Measure. */
export async function keptFailures(reader: Reader, period: Evaluation['period']): Promise<Verdict[]> {
  const reasons = await failedReasons(reader, FAILURES);
  return reasons.flatMap(verdictsOf).filter((one) => one.failure !== undefined && isWithin(one, period));
}
