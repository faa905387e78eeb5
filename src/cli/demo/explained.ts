import type { MeasureReport } from '@medplum/fhirtypes';
import { OVERGANG } from '../../fhir/canonical.ts';
import { CliError } from '../io.ts';
import type { Client } from './client.ts';

const VERDICT_EXTENSION = `${OVERGANG}/StructureDefinition/verdict`;

/** Why the notice of the story counts as it does, in the server's own sentence. @throws CliError when it gives none */
export async function explainedVerdict(
  asking: Client,
  stayId: string,
  period: { readonly start: string; readonly end: string },
  asOf: string,
): Promise<string> {
  const query = new URLSearchParams({
    periodStart: period.start,
    periodEnd: period.end,
    subject: `Encounter/${stayId}`,
    asOf,
  });
  const path = `/Measure/ready-for-discharge/$evaluate-measure?${query}`;
  const report = await asking.get<MeasureReport>(path);
  const verdict = report.evaluatedResource
    ?.flatMap((one) => one.extension ?? [])
    .find((one) => one.url === VERDICT_EXTENSION);
  const sentence = verdict?.extension?.find((one) => one.url === 'explanation-en')?.valueString;
  if (sentence === undefined) throw new CliError('the report on the stay of the story explains no verdict');
  return sentence;
}
