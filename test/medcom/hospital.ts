import { randomUUID } from 'node:crypto';
import type { Bundle } from '@medplum/fhirtypes';
import {
  buildHospitalNotification,
  type NotificationFacts,
} from '../../src/medcom/build/hospital-notification.ts';
import { when } from './stay-scenario.ts';

export const HOSPITAL = {
  sor: '265161000016000',
  gln: '5790000209354',
  name: 'Hjerteafdelingen på Herlev og Gentofte hospital',
};
export const WARD = { sor: '265161000016999', gln: '5790000209361', name: 'Geriatrisk afdeling' };
export const MUNICIPALITY = { sor: '953741000016009', gln: '5790001348120', name: 'Plejecenter Herlev' };
export const EPISODE = {
  system: 'https://sor2.sum.dsdn.dk/#id=265161000016000',
  value: 'bd481c38-a921-11ed-afa1-0242ac120002',
};
/** MedCom's own test person. */
export const ELMER = '2509479989';

type Told = Omit<Partial<NotificationFacts>, 'start' | 'end' | 'leave' | 'sent'> & {
  /** Times as `02T10` (March 2026, UTC). */
  readonly start?: string;
  readonly end?: string;
  readonly leave?: readonly [string, string?];
  readonly sent?: string;
};

/** A message of a hospital about Elmer, admitted on 2 March 2026 at 10 unless told otherwise. */
export function tell(activity: string, told: Told = {}): Bundle & { headerId: string } {
  const { start = '02T10', end, leave, sent, ...rest } = told;
  const headerId = told.headerId ?? randomUUID();
  const time = sent ?? end ?? leave?.[1] ?? leave?.[0] ?? start;
  const bundle = buildHospitalNotification({
    citizen: { cpr: ELMER, family: 'Elmer', given: ['Bruno'] },
    episodes: [EPISODE],
    provider: HOSPITAL,
    receiver: MUNICIPALITY,
    activity,
    ...rest,
    headerId,
    start: when(start),
    sent: when(time),
    ...(end === undefined ? {} : { end: when(end) }),
    ...(leave === undefined
      ? {}
      : { leave: { start: when(leave[0]), ...(leave[1] === undefined ? {} : { end: when(leave[1]) }) } }),
  });
  return Object.defineProperty(bundle, 'headerId', { value: headerId, enumerable: false }) as Bundle & {
    headerId: string;
  };
}

/** The messages that tell of a previous one, as senders write it. */
export function following(previous: Bundle & { headerId: string }, activity: string, sent: string) {
  return { previous: { headerId: previous.headerId, activity, sent: when(sent) } };
}
