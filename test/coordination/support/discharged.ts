import type { Encounter } from '@medplum/fhirtypes';
import { ADMITTED, DISCHARGED, endOfTreatment, stay } from './stay.ts';

/** A stay that is over, its treatment a day before. */
export const discharged = (more: Partial<Encounter> = {}) =>
  stay(
    { start: ADMITTED, end: DISCHARGED },
    { extension: [endOfTreatment('2026-03-11T09:00:00+01:00')], ...more },
  );

/** What is owed for it while nothing is done. */
export const OPEN = {
  'admission-report': 'requested due 2026-03-10T09:00:00.000Z',
  'discharge-plan': 'requested due 2026-03-12T12:59:59.999Z',
  'care-pathway-plan': 'requested due 2026-03-12T12:59:59.999Z',
  'ready-for-discharge': 'requested due 2026-03-11T22:59:59.999Z',
  'discharge-report': 'requested due 2026-03-12T22:59:59.999Z',
  'discharge-letter': 'requested due 2026-03-17T22:59:59.999Z',
};
