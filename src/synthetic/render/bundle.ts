import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { REGIONS } from '../agreement-facts.ts';
import { idOf } from '../identity.ts';
import type { PlannedCourse } from '../plan/types.ts';
import { patient, relatives } from './citizen.ts';
import { clinicalPicture } from './clinical.ts';
import { careTeam, course, municipalServices } from './course.ts';
import { exchange } from './exchange.ts';
import { regionResources } from './organisations.ts';
import { plans } from './plans.ts';
import { stay } from './stay.ts';

/** A transaction that puts every resource at its own id: sent twice, it stores once. */
function transaction(key: string, resources: readonly Resource[]): Bundle {
  return {
    resourceType: 'Bundle',
    id: idOf(`${key}/bundle`),
    type: 'transaction',
    entry: resources.map(
      (resource): BundleEntry => ({
        fullUrl: `urn:uuid:${resource.id}`,
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }),
    ),
  };
}

/** The organisations and coordinators of the country, a Bundle a region; the courses refer to them. */
export function organisationBundles(): Bundle[] {
  return REGIONS.map((region) => transaction(`organisations/${region}`, regionResources(region)));
}

/** The citizen before any course: who they are, what they receive, how they fare. */
export function citizenBundle(planned: PlannedCourse): Bundle {
  return transaction(`${planned.key}/citizen`, [
    patient(planned),
    ...relatives(planned),
    ...municipalServices(planned),
    ...clinicalPicture(planned),
  ]);
}

/** The course alone, for a citizen who is known. */
export function courseAloneBundle(planned: PlannedCourse): Bundle {
  return transaction(`${planned.key}/course`, [careTeam(planned), course(planned)]);
}

/** A course with everything that is known of it. */
export function courseBundle(planned: PlannedCourse): Bundle {
  return transaction(planned.key, [
    patient(planned),
    ...relatives(planned),
    careTeam(planned),
    course(planned),
    ...municipalServices(planned),
    ...clinicalPicture(planned),
    ...planned.stays.flatMap((one) => [
      stay(planned, one),
      ...one.letters.map((letter) => exchange(planned, one, letter)),
      ...plans(planned, one),
    ]),
  ]);
}
