import type { Patient, Resource } from '@medplum/fhirtypes';
import { isSupportedType } from '../../fhir/types.ts';
import type { Reader } from '../../store/store.ts';
import { aboutWhom } from '../about-whom.ts';
import { pages, searchAll } from '../pages.ts';
import type { SubjectData } from './subject-measure.ts';

/** Subjects whose resources are held in memory at a time. */
const BATCH = '200';
/** Resources of these types are about a patient through another parameter than `patient`. */
const PARAMETER: { readonly [type: string]: string } = {
  EpisodeOfCare: 'patient',
  PractitionerRole: '',
  Practitioner: '',
  Organization: '',
  Location: '',
  Patient: '',
};

/** All subjects, or one, each with its resources of the types asked for. */
export async function* subjectPages(
  reader: Reader,
  types: readonly string[],
  subject?: string,
): AsyncGenerator<readonly SubjectData[]> {
  const parameters: [string, string][] =
    subject === undefined ? [] : [['_id', subject.replace(/^Patient\//, '')]];
  const searched = types.filter((type) => isSupportedType(type) && PARAMETER[type] !== '');
  for await (const page of pages<Patient>(reader, 'Patient', parameters, BATCH)) {
    const patients = page as (Patient & { id: string })[];
    const references = patients.map(({ id }) => `Patient/${id}`);
    const data = new Map<string, Resource[]>(references.map((reference) => [reference, []]));
    for (const type of searched) {
      const found = await searchAll<Resource>(
        reader,
        type as Resource['resourceType'],
        PARAMETER[type] ?? 'patient',
        references,
      );
      for (const resource of found) data.get(aboutWhom(resource) ?? '')?.push(resource);
    }
    yield patients.map((patient) => ({ patient, data: data.get(`Patient/${patient.id}`) ?? [] }));
  }
}
