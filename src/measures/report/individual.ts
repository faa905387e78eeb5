import type { Extension, MeasureReport, Reference } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import { OVERGANG } from '../../fhir/canonical.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import { explainVerdict } from '../explain.ts';
import type { Verdict } from '../stays/verdict.ts';
import { verdictWord } from './populations.ts';

/** On an evaluated stay: the verdict and its reasons. */
const VERDICT_EXTENSION = `${OVERGANG}/StructureDefinition/verdict`;

/**
 * Adds to a report on one subject what it rests on: each stay with its verdict and reasons, then the letters and
 * plans. Those not changed since `lastReceivedOn` are left out, where `changed` can tell.
 */
export function addEvaluated(
  report: MeasureReport,
  measure: CompiledMeasure,
  verdicts: readonly Verdict[],
  options: {
    readonly asOf: string;
    readonly calendar: Calendar;
    readonly changed: (reference: string) => boolean;
  },
): void {
  const references: Reference[] = [];
  const seen = new Set<string>();
  for (const verdict of verdicts) {
    references.push({
      reference: verdict.member,
      extension: [verdictExtension(measure, verdict, options.asOf, options.calendar)],
    });
    for (const reference of verdict.evidence) {
      if (!seen.has(reference) && options.changed(reference)) references.push({ reference });
      seen.add(reference);
    }
  }
  if (references.length > 0) report.evaluatedResource = references;
}

/** The verdict as an extension: result, anchor, due, actual, agreement, and the sentence in Danish and English. */
export function verdictExtension(
  measure: CompiledMeasure,
  verdict: Verdict,
  asOf: string,
  calendar: Calendar,
): Extension {
  const word = verdictWord(verdict.groups[0]?.bits ?? 0, verdict.due !== undefined && asOf < verdict.due);
  const instant = (url: string, value: string | undefined): Extension[] =>
    value === undefined ? [] : [{ url, valueInstant: value }];
  return {
    url: VERDICT_EXTENSION,
    extension: [
      ...(measure.groups[0]?.scoring === 'proportion' ? [{ url: 'result', valueCode: word }] : []),
      ...instant('anchor', verdict.anchor),
      ...instant('due', verdict.due),
      ...instant('actual', verdict.actual),
      ...(verdict.agreement === undefined ? [] : [{ url: 'agreement', valueCanonical: verdict.agreement }]),
      { url: 'explanation', valueString: explainVerdict(measure, verdict, asOf, calendar, 'da') },
      { url: 'explanation-en', valueString: explainVerdict(measure, verdict, asOf, calendar, 'en') },
    ],
  };
}
