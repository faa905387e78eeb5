import type {
  Condition,
  Encounter,
  EpisodeOfCare,
  MedicationStatement,
  Observation,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import { referring } from '../facts/lookup.ts';
import { createPool } from '../facts/pool.ts';
import { byId, idIn } from '../facts/references.ts';
import type { Named } from '../memory/memory.ts';

/** What criteria of inclusion look at; what was entered in error, refuted, cancelled or only preliminary is left out. */
export interface CitizenFacts {
  readonly patient: Patient & { readonly id: string };
  readonly conditions: readonly Condition[];
  readonly observations: readonly Observation[];
  readonly medicines: readonly MedicationStatement[];
  /** Hospital stays: encounters of class IMP. */
  readonly stays: readonly Encounter[];
  readonly episodes: readonly EpisodeOfCare[];
}

const BY_CITIZEN: readonly Named[] = [
  ['Condition', 'subject'],
  ['Observation', 'subject'],
  ['MedicationStatement', 'subject'],
  ['Encounter', 'subject'],
  ['EpisodeOfCare', 'patient'],
];

/** Gathers the facts of citizens in two round trips (and further pages), those not stored left out. */
export async function loadCitizenFacts(
  reader: Reader,
  patientIds: readonly string[],
): Promise<CitizenFacts[]> {
  const pool = createPool();
  await pool.read(
    reader,
    patientIds.map((id) => ({ type: 'Patient', id })),
  );
  pool.add(
    await referring(
      reader,
      BY_CITIZEN,
      patientIds.map((id) => `Patient/${id}`),
    ),
  );
  const groups = new Map<string, Resource[]>();
  for (const [type] of BY_CITIZEN) {
    for (const resource of pool.all<Resource>(type as Resource['resourceType'])) {
      const { subject, patient } = resource as Encounter & EpisodeOfCare;
      const id = idIn(subject ?? patient, 'Patient');
      if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), resource]);
    }
  }
  return [...new Set(patientIds)].flatMap((id) => {
    const patient = pool.byKey<Patient & { id: string }>('Patient', id);
    return patient === undefined ? [] : [factsOf(patient, (groups.get(id) ?? []).sort(byId))];
  });
}

function factsOf(patient: CitizenFacts['patient'], resources: readonly Resource[]): CitizenFacts {
  const of = <T extends Resource>(type: T['resourceType'], counts: (resource: T) => boolean): T[] =>
    resources.filter((resource): resource is T => resource.resourceType === type && counts(resource as T));
  return {
    patient,
    conditions: of<Condition>('Condition', isPresent),
    observations: of<Observation>('Observation', ({ status }) =>
      ['final', 'amended', 'corrected'].includes(status),
    ),
    medicines: of<MedicationStatement>('MedicationStatement', ({ status }) => status === 'active'),
    stays: of<Encounter>(
      'Encounter',
      ({ status, class: kind }) =>
        kind?.code === 'IMP' && ['in-progress', 'onleave', 'finished'].includes(status),
    ),
    episodes: of<EpisodeOfCare>(
      'EpisodeOfCare',
      ({ status }) => status !== 'entered-in-error' && status !== 'cancelled',
    ),
  };
}

/** Active (or without a status) and neither refuted nor entered in error. */
function isPresent({ clinicalStatus, verificationStatus }: Condition): boolean {
  const codes = (concept: Condition['code']): string[] =>
    (concept?.coding ?? []).flatMap(({ code }) => code ?? []);
  const clinical = codes(clinicalStatus);
  return (
    (clinical.length === 0 || clinical.some((code) => ['active', 'recurrence', 'relapse'].includes(code))) &&
    !codes(verificationStatus).some((code) => code === 'refuted' || code === 'entered-in-error')
  );
}
