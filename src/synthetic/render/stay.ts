import type { Encounter, EncounterClassHistory, EncounterLocation, Extension } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { dateTimeText, type Instant } from '../clock.ts';
import { idOf } from '../identity.ts';
import type { PlannedCourse, PlannedStay, StayShape } from '../plan/types.ts';
import { patientKey } from './citizen.ts';
import { courseKey } from './course.ts';
import { concept, reference } from './elements.ts';
import { departmentKey, hospitalSor, locationKey } from './organisations.ts';

const CLASSES = {
  IMP: { system: CODE_SYSTEM.actCode, code: 'IMP', display: 'inpatient encounter' },
  EMER: { system: CODE_SYSTEM.actCode, code: 'EMER', display: 'emergency' },
};

/** The hospital's own identifier of the stay's episode, a UUID. */
export const episodeIdentifier = (stay: { readonly key: string }): string => idOf(`${stay.key}/episode`);

export const localEpisodeSystem = (shape: StayShape): string =>
  `https://sor2.sum.dsdn.dk/#id=${hospitalSor(shape.hospital)}`;

const period = (start: Instant, end: Instant | undefined) => ({
  start: dateTimeText(start),
  ...(end === undefined ? {} : { end: dateTimeText(end) }),
});

function status(shape: StayShape): Encounter['status'] {
  if (shape.enteredInError) return 'entered-in-error';
  if (shape.discharge !== undefined) return 'finished';
  return shape.leave !== undefined && shape.leave.until === undefined ? 'onleave' : 'in-progress';
}

function extensions(shape: StayShape): Extension[] {
  const found: Extension[] = [{ url: EXTENSION.reportRequested, valueBoolean: shape.reportRequested }];
  if (shape.endOfTreatment !== undefined) {
    found.push({ url: EXTENSION.endOfTreatment, valueDateTime: dateTimeText(shape.endOfTreatment) });
  }
  if (shape.leave !== undefined) {
    found.push({ url: EXTENSION.leavePeriod, valuePeriod: period(shape.leave.from, shape.leave.until) });
  }
  return found;
}

function classHistory(shape: StayShape): { classHistory?: EncounterClassHistory[] } {
  if (shape.inpatientFrom === undefined) return {};
  return {
    classHistory: [
      { class: CLASSES.EMER, period: period(shape.admission, shape.inpatientFrom) },
      { class: CLASSES.IMP, period: period(shape.inpatientFrom, shape.discharge) },
    ],
  };
}

function locations(shape: StayShape): EncounterLocation[] {
  return shape.departments.map((step, at) => {
    const next = shape.departments[at + 1];
    const until = next?.from ?? shape.discharge;
    return {
      location: reference('Location', locationKey(shape.hospital, step.index)),
      status: until === undefined ? 'active' : 'completed',
      period: period(step.from, until),
    };
  });
}

export function stay(course: PlannedCourse, planned: PlannedStay): Encounter {
  const { shape } = planned;
  const last = shape.departments[shape.departments.length - 1];
  const episode = episodeIdentifier(planned);
  return {
    resourceType: 'Encounter',
    id: idOf(planned.key),
    extension: extensions(shape),
    identifier: [
      { system: localEpisodeSystem(shape), value: episode },
      { system: IDENTIFIER_SYSTEM.stayEpisode, value: episode.replaceAll('-', '') },
    ],
    status: status(shape),
    class: shape.kind === 'emergency' ? CLASSES.EMER : CLASSES.IMP,
    ...classHistory(shape),
    subject: reference('Patient', patientKey(course)),
    ...(planned.inCourse ? { episodeOfCare: [reference('EpisodeOfCare', courseKey(course))] } : {}),
    period: period(shape.admission, shape.discharge),
    ...(shape.died
      ? {
          hospitalization: {
            dischargeDisposition: concept(CODE_SYSTEM.dischargeDisposition, 'exp', 'Expired'),
          },
        }
      : {}),
    location: locations(shape),
    serviceProvider: reference('Organization', departmentKey(shape.hospital, last?.index ?? 0)),
  };
}
