import type { EpisodeOfCare, Patient } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import { momentOf } from '../../coordination/moment.ts';
import { CODE_SYSTEM, EXTENSION } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import { pages } from '../pages.ts';
import { localReference } from '../references.ts';
import { COURSES, type ReportPeriod } from './model.ts';
import type { MunicipalCounts } from './municipal-counts.ts';

/**
 * The coordination courses begun in each month, by the citizen's municipality of residence. A course counts in the
 * month of its `period.start` in local days; those entered in error or cancelled do not count.
 */
export async function courseCounts(
  reader: Reader,
  months: readonly ReportPeriod[],
  calendar: Calendar,
): Promise<MunicipalCounts[]> {
  const found = new Map<string, MunicipalCounts>();
  const type: [string, string] = ['type', `${CODE_SYSTEM.courseType}|coordination`];
  for await (const page of pages<EpisodeOfCare>(reader, 'EpisodeOfCare', [type])) {
    const courses = page.flatMap((course) => {
      const month = monthOf(course, months, calendar);
      return month === undefined ? [] : [{ month, patient: localReference(course.patient.reference) }];
    });
    const municipalities = await municipalitiesOf(
      reader,
      courses.flatMap(({ patient }) => patient ?? []),
    );
    for (const { month, patient } of courses) {
      const municipality = (patient && municipalities.get(patient)) ?? '';
      const key = `${month.id} ${municipality}`;
      const count = (found.get(key)?.denominator ?? 0) + 1;
      const counts = { numerator: count, denominator: count, excluded: 0, pending: 0 };
      found.set(key, { measure: COURSES, month, municipality, ...counts });
    }
  }
  return [...found.values()];
}

function monthOf(
  course: EpisodeOfCare,
  months: readonly ReportPeriod[],
  calendar: Calendar,
): ReportPeriod | undefined {
  if (course.status === 'entered-in-error' || course.status === 'cancelled') return undefined;
  const start = momentOf(course.period?.start, calendar);
  if (start === undefined) return undefined;
  const day = calendar.dayOf(start.earliest);
  return months.find((month) => month.start <= day && day <= month.end);
}

async function municipalitiesOf(
  reader: Reader,
  patients: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const keys = [...new Set(patients)].map((reference) => ({ type: 'Patient', id: reference.slice(8) }));
  const found = new Map<string, string>();
  for (const [reference, version] of await reader.readMany(keys)) {
    const patient = JSON.parse(version.content) as Patient;
    const code = patient.address
      ?.flatMap(({ extension }) => extension ?? [])
      .filter(({ url }) => url === EXTENSION.municipalityCode)
      .flatMap(({ valueCodeableConcept }) => valueCodeableConcept?.coding ?? [])
      .find(({ system }) => system === CODE_SYSTEM.municipality)?.code;
    if (code !== undefined) found.set(reference, code);
  }
  return found;
}
