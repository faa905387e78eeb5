import type { Encounter, EpisodeOfCare, Reference } from '@medplum/fhirtypes';
import { OVERGANG } from '../../fhir/canonical.ts';
import { sameJson } from '../same-json.ts';
import { idIn } from './references.ts';

/**
 * Marks a reference from a stay to a course that Overgang wrote because the two overlap. It is Overgang's to take
 * back when they do not any more; a reference without the mark is what the sender said, and stays.
 */
const ASSIGNED = `${OVERGANG}/StructureDefinition/assigned-by-overlap`;

export function isAssigned(reference: Reference): boolean {
  return (reference.extension ?? []).some(({ url }) => url === ASSIGNED);
}

/** The stay with the reference to its course as it should be; the same object when it is so already. */
export function withCourse<T extends Encounter>(stay: T, course: EpisodeOfCare | undefined): T {
  const isStay = stay.class?.code === 'IMP' || stay.class?.code === 'EMER';
  const said = (stay.episodeOfCare ?? []).filter((reference) => !isAssigned(reference));
  const isSaid = said.some((reference) => idIn(reference, 'EpisodeOfCare') === course?.id);
  const episodeOfCare: NonNullable<Encounter['episodeOfCare']> =
    course === undefined || !isStay || isSaid
      ? said
      : [
          ...said,
          {
            extension: [{ url: ASSIGNED, valueBoolean: true }],
            reference: `EpisodeOfCare/${course.id}`,
          },
        ];
  if (sameJson(episodeOfCare, stay.episodeOfCare ?? [])) return stay;
  const { episodeOfCare: _before, ...rest } = stay;
  return (episodeOfCare.length === 0 ? rest : { ...rest, episodeOfCare }) as T;
}
