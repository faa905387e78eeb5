import type { OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import { badRequest, notFound, unprocessable } from '../../fhir/outcome.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Reader } from '../../store/store.ts';
import { agreementFor, DEFAULT_JURISDICTION, type Effective } from '../agreement-selection.ts';
import { type Calendar, createCalendar } from '../calendar.ts';
import { municipalityOf } from '../citizen-municipality.ts';
import type { Day } from '../day.ts';
import { readEffective } from '../effective.ts';
import { pages } from '../facts/lookup.ts';
import { momentOf } from '../moment.ts';
import { regionOfMunicipality } from '../regions.ts';
import { type Assessment, assessInclusion } from './assess.ts';
import { loadCitizenFacts } from './citizen-facts.ts';
import { type Inclusion, isInclusion, readInclusion } from './criteria.ts';

const copenhagen = createCalendar();

/**
 * Assesses a stored citizen by the criteria in force, on the day asked for, in the region where the citizen lives.
 * @throws FhirError 404 for an unknown citizen, 400 for a time that is none, 422 when no criteria are in force
 */
export async function assessCitizen(
  reader: Reader,
  patientId: string,
  asOf: string,
  calendar: Calendar = copenhagen,
): Promise<Assessment> {
  const moment = momentOf(asOf, calendar);
  if (moment === undefined) throw badRequest('asOf is a day or a time: 2026-03-12', 'asOf', 'value');
  const [facts] = await loadCitizenFacts(reader, [patientId]);
  if (facts === undefined) throw notFound(`There is no Patient/${patientId}`);
  const day = calendar.dayOf(moment.latest);
  const code = municipalityOf(facts.patient, day, calendar);
  const region = code === undefined ? undefined : regionOfMunicipality(code, day)?.code;
  return assessInclusion(await inclusionFor(reader, region, day), facts, asOf, calendar);
}

/** The criteria of a region on a day: its own before the national ones that they build on, else the national ones. */
async function inclusionFor(reader: Reader, region: string | undefined, day: Day): Promise<Inclusion> {
  const query = parseSearch('PlanDefinition', [
    ['status', 'active'],
    ['_count', '1000'],
  ]);
  const issues: OperationOutcomeIssue[] = [];
  const plans: Effective[] = [];
  for await (const page of pages(reader, query)) {
    for (const plan of page as PlanDefinition[])
      if (isInclusion(plan)) plans.push(readEffective(plan, issues));
  }
  const own = agreementFor(plans, region, day);
  const base = agreementFor(plans, DEFAULT_JURISDICTION, day);
  const chosen = [...new Set([own, base])].filter((plan) => plan !== undefined).map(({ plan }) => plan);
  if (chosen.length === 0) {
    throw unprocessable([
      {
        severity: 'error',
        code: 'not-found',
        diagnostics: `No criteria of inclusion are in force on ${day}`,
      },
    ]);
  }
  return readInclusion(chosen);
}
