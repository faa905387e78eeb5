import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { EXCHANGE } from '../../../src/fhir/canonical.ts';
import {
  agreedDischarge,
  citizen,
  dischargePlan,
  endOfTreatment,
  episode,
  exchange,
  reportRequested,
  stay,
} from './stay.ts';

/** One step of a history: resources stored (or one deleted) in a transaction of its own. */
export type Step =
  | { readonly store: readonly (Resource & { id: string })[] }
  | { readonly remove: { readonly type: string; readonly id: string } };

/** Times from two days before an admission to a week after, so that windows, limits and orders are all met. */
const times = fc
  .integer({ min: -48, max: 200 })
  .map((hours) => new Date(Date.parse('2026-03-09T09:00:00Z') + hours * 3_600_000).toISOString());
const stays = fc.constantFrom('first', 'second');

/** Random facts about one citizen with two stays; every id begins with the prefix, so that runs share a store. */
export function steps(prefix: string): fc.Arbitrary<Step[]> {
  const id = (name: string): string => `${prefix}-${name}`;
  const subject = { reference: `Patient/${id('citizen')}` };
  const one = <T extends Resource & { id: string }>(resource: T): Step => ({ store: [resource] });

  const anyCitizen = fc.constantFrom('0751', '0101', '0411').map((code) =>
    one({
      ...citizen(id('citizen'), code),
      identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: `${prefix}0000000000`.slice(0, 10) }],
    }),
  );
  const anyEpisode = fc
    .record({
      code: fc.constantFrom('coordination' as const, 'municipal-services' as const),
      status: fc.constantFrom(
        'active' as const,
        'finished' as const,
        'cancelled' as const,
        'entered-in-error' as const,
      ),
      start: fc.constantFrom('2026-01-01', '2026-03-10', '2026-03-15'),
    })
    .map(({ code, status, start }) =>
      one(episode(code, { id: id(code), status, patient: subject, period: { start } })),
    );
  const anyStay = fc
    .record({
      name: stays,
      status: fc.constantFrom(
        'in-progress' as const,
        'finished' as const,
        'finished' as const,
        'entered-in-error' as const,
      ),
      classCode: fc.constantFrom('IMP', 'IMP', 'IMP', 'EMER'),
      start: times,
      hours: fc.option(fc.integer({ min: 1, max: 120 })),
      extension: fc.subarray(['end', 'agreed', 'requested'] as const),
      time: times,
      isDead: fc.boolean(),
    })
    .map(({ name, status, classCode, start, hours, extension, time, isDead }) => {
      const end = hours === null ? undefined : new Date(Date.parse(start) + hours * 3_600_000).toISOString();
      const made = { end: endOfTreatment(time), agreed: agreedDischarge(time), requested: reportRequested };
      return one(
        stay(
          { start, ...(end === undefined ? {} : { end }) },
          {
            id: id(name),
            status,
            class: { code: classCode },
            subject,
            ...(extension.length === 0 ? {} : { extension: extension.map((each) => made[each]) }),
            ...(isDead && hours !== null
              ? { hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }
              : {}),
          },
        ),
      );
    });
  const anyExchange = fc
    .record({
      code: fc.constantFrom(...Object.values(EXCHANGE)),
      name: fc.constantFrom('a', 'b'),
      at: stays,
      sent: times,
      status: fc.constantFrom('completed' as const, 'completed' as const, 'entered-in-error' as const),
      to: fc.constantFrom('practice', 'municipality'),
    })
    .map(({ code, name, at, sent, status, to }) =>
      one(
        exchange(code, sent, {
          id: id(`${code}-${name}`),
          status,
          subject,
          encounter: { reference: `Encounter/${id(at)}` },
          recipient: [{ reference: `Organization/${to}` }],
        }),
      ),
    );
  const anyPlan = fc
    .record({
      at: stays,
      hospital: fc.option(times),
      municipality: fc.option(times),
      status: fc.constantFrom('active' as const, 'revoked' as const),
    })
    .filter(({ hospital, municipality }) => hospital !== null || municipality !== null)
    .map(({ at, hospital, municipality, status }) =>
      one(
        dischargePlan(hospital ?? undefined, municipality ?? undefined, {
          id: id('plan'),
          status,
          subject,
          encounter: { reference: `Encounter/${id(at)}` },
        }),
      ),
    );
  const anyRemoval = fc
    .constantFrom(
      ['Encounter', 'first'],
      ['Communication', 'discharge-report-a'],
      ['Communication', 'discharge-letter-a'],
      ['CarePlan', 'plan'],
      ['EpisodeOfCare', 'coordination'],
    )
    .map(([type, name]): Step => ({ remove: { type: type as string, id: id(name as string) } }));
  const step = fc.oneof(
    { weight: 1, arbitrary: anyCitizen },
    { weight: 2, arbitrary: anyEpisode },
    { weight: 4, arbitrary: anyStay },
    { weight: 6, arbitrary: anyExchange },
    { weight: 2, arbitrary: anyPlan },
    { weight: 1, arbitrary: anyRemoval },
  );
  return fc.array(step, { minLength: 4, maxLength: 14 });
}
