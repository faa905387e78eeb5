import type { Encounter, EpisodeOfCare } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Calendar } from '../calendar.ts';
import { momentOf } from '../moment.ts';
import { isAssigned } from './assigned.ts';
import { identifierKey, idIn } from './references.ts';

/** Whether an EpisodeOfCare is a coordination course that counts: neither entered in error nor cancelled. */
function isCourse(episode: EpisodeOfCare): boolean {
  return (
    episode.status !== 'entered-in-error' &&
    episode.status !== 'cancelled' &&
    (episode.type ?? []).some((type) =>
      (type.coding ?? []).some(
        ({ system, code }) => system === CODE_SYSTEM.courseType && code === 'coordination',
      ),
    )
  );
}

/**
 * The course that a stay belongs to (docs/model.md, "Course"): the one its sender named, else the citizen's course whose
 * period overlaps the stay; of several, the one that began last.
 */
export function courseOf(
  stay: Encounter,
  episodes: readonly EpisodeOfCare[],
  calendar: Calendar,
): EpisodeOfCare | undefined {
  const courses = episodes.filter(isCourse);
  for (const reference of stay.episodeOfCare ?? []) {
    if (isAssigned(reference)) continue;
    const id = idIn(reference, 'EpisodeOfCare');
    const key = identifierKey(reference.identifier);
    const named = courses.find((course) =>
      id === undefined
        ? key !== undefined && course.identifier?.some((identifier) => identifierKey(identifier) === key)
        : course.id === id,
    );
    if (named !== undefined) return named;
  }
  return courses
    .filter((course) => overlaps(course, stay, calendar))
    .sort((a, b) => startOf(b, calendar) - startOf(a, calendar) || ((a.id ?? '') < (b.id ?? '') ? -1 : 1))[0];
}

const startOf = (course: EpisodeOfCare, calendar: Calendar): number =>
  momentOf(course.period?.start, calendar)?.earliest ?? Number.NEGATIVE_INFINITY;

/** Open ends are open; a stay without any period overlaps nothing: nothing is known of when it was. */
function overlaps(course: EpisodeOfCare, stay: Encounter, calendar: Calendar): boolean {
  const admission = momentOf(stay.period?.start, calendar);
  const discharge = momentOf(stay.period?.end, calendar);
  if (admission === undefined && discharge === undefined) return false;
  const courseEnd = momentOf(course.period?.end, calendar)?.latest ?? Number.POSITIVE_INFINITY;
  return (
    startOf(course, calendar) <= (discharge?.latest ?? Number.POSITIVE_INFINITY) &&
    (admission?.earliest ?? Number.NEGATIVE_INFINITY) <= courseEnd
  );
}
