import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Patient,
  Resource,
} from '@medplum/fhirtypes';

/**
 * Reads a course's Bundle as a person with a calendar would, to check that the resources say what was planted.
 * It is given the due time and asks only: is there something in the resources that was done by then?
 */
export interface Reading {
  readonly stay: Encounter;
  readonly patient: Patient;
  readonly letters: (kind: string) => Communication[];
  readonly jointPlan: CarePlan | undefined;
  readonly episodes: readonly EpisodeOfCare[];
}

const categoryIs = (resource: Communication | CarePlan, code: string): boolean =>
  resource.category?.some((one) => one.coding?.some((coding) => coding.code === code)) ?? false;

export function readStay(resources: readonly Resource[], stayId: string): Reading {
  const ofType = <T extends Resource>(type: T['resourceType']): T[] =>
    resources.filter((one): one is T => one.resourceType === type);
  const here = (one: Communication | CarePlan): boolean => one.encounter?.reference === `Encounter/${stayId}`;
  return {
    stay: ofType<Encounter>('Encounter').find((one) => one.id === stayId) as Encounter,
    patient: ofType<Patient>('Patient')[0] as Patient,
    episodes: ofType<EpisodeOfCare>('EpisodeOfCare'),
    letters: (kind) =>
      ofType<Communication>('Communication')
        .filter((one) => here(one) && categoryIs(one, kind) && one.status === 'completed')
        .sort((a, b) => Date.parse(a.sent as string) - Date.parse(b.sent as string)),
    jointPlan: ofType<CarePlan>('CarePlan').find((one) => here(one) && categoryIs(one, 'discharge-plan')),
  };
}

const REQUIRED = [
  'relatives',
  'services',
  'medicine',
  'functional-ability',
  'nursing-areas',
  'cause',
  'contact',
];

function complete(letter: Communication | undefined): boolean {
  const present = (letter?.payload ?? []).map((one) => one.extension?.[0]?.valueCode);
  return REQUIRED.filter((code) => present.includes(code)).length / REQUIRED.length >= 0.7;
}

/** Whether the obligation was fulfilled by the due time (an instant in milliseconds). */
export function fulfilled(reading: Reading, measure: string, due: number): boolean {
  const { stay, patient } = reading;
  const inTime = (from: number) => (letter: Communication) => {
    const sent = Date.parse(letter.sent as string);
    return sent >= from && sent <= due;
  };
  const admission = Date.parse(stay.period?.start as string);
  const discharge = Date.parse(stay.period?.end ?? '');
  const letters = reading.letters(measure);
  switch (measure) {
    case 'admission-report':
      return letters.some(inTime(admission)) && complete(letters.at(-1));
    case 'discharge-report':
      return letters.some(inTime(discharge - 86_400_000)) && complete(letters.at(-1));
    case 'discharge-letter': {
      const own = patient.generalPractitioner?.[0]?.reference;
      return letters
        .filter((one) => one.recipient?.some((to) => to.reference === own))
        .some(inTime(-Infinity));
    }
    case 'discharge-plan': {
      const agreed = (reading.jointPlan?.contributor ?? []).flatMap((one) =>
        (one.extension ?? []).map((agreement) => ({
          sector: agreement.extension?.find((part) => part.url === 'sector')?.valueCode,
          at: Date.parse(
            agreement.extension?.find((part) => part.url === 'agreedAt')?.valueDateTime as string,
          ),
        })),
      );
      return new Set(agreed.map((one) => one.sector)).size === 2 && agreed.every((one) => one.at <= due);
    }
    default:
      return letters.some(inTime(-Infinity));
  }
}
