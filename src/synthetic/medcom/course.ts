import type { Binary, Bundle } from '@medplum/fhirtypes';
import type { PlannedCourse, PlannedStay } from '../plan/types.ts';
import { citizenBundle, courseAloneBundle } from '../render/bundle.ts';
import { letterXml } from './letters.ts';
import { notifications } from './notifications.ts';

/** One thing to send: a Bundle of type transaction or message, or a letter as a Binary of XML. */
export type Sending = Bundle | Binary;

const sentAt = (message: Bundle): number => Date.parse(message.timestamp ?? '');

function letter(xml: string): Binary {
  return {
    resourceType: 'Binary',
    contentType: 'application/xml',
    data: Buffer.from(xml, 'utf8').toString('base64'),
  };
}

function stayInDialects(course: PlannedCourse, stay: PlannedStay): readonly (readonly [number, Sending])[] {
  return [
    ...notifications(course.citizen, stay).map((message) => [sentAt(message), message] as const),
    ...stay.letters.flatMap((one) => {
      const xml = letterXml(course.citizen, stay, one);
      return xml === undefined ? [] : [[one.sent, letter(xml)] as const];
    }),
  ];
}

/**
 * A course as it comes from the sectors' own systems: citizen, services and course in FHIR (no letter tells of them), every
 * stay in HospitalNotification messages and OIOXML letters; all in the order in which it happened, so that the course
 * begins after the stays that are none of it.
 */
export function courseInDialects(course: PlannedCourse): readonly Sending[] {
  const began: readonly [number, Sending] = [course.start, courseAloneBundle(course)];
  const happened = [began, ...course.stays.flatMap((stay) => stayInDialects(course, stay))];
  return [citizenBundle(course), ...happened.sort(([a], [b]) => a - b).map(([, sending]) => sending)];
}
