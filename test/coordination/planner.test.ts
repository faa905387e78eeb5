import { describe, expect, it } from '@jest/globals';
import type { Encounter, Task } from '@medplum/fhirtypes';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import { onEveryStore } from '../support/stores.ts';
import { discharged, OPEN } from './support/discharged.ts';
import {
  ADMITTED,
  agreedDischarge,
  citizen,
  DISCHARGED,
  dischargePlan,
  endOfTreatment,
  episode,
  exchange,
  stay,
} from './support/stay.ts';
import { planningStore, put, read, remove, taskOf, worklist } from './support/store.ts';

const { admissionReport, carePathwayPlan, dischargeLetter, dischargeReport, readyForDischarge } = EXCHANGE;

describe('the planner', () => {
  onEveryStore(
    (fixture) => {
      it('follows a stay from admission to the letter', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), episode('municipal-services'));
        await put(store, stay({ start: ADMITTED }));
        expect(await worklist(store)).toEqual({
          'admission-report': OPEN['admission-report'],
          'discharge-plan': 'requested',
          'care-pathway-plan': 'requested',
        });

        await put(store, exchange(admissionReport, '2026-03-09T15:00:00+01:00'));
        await put(
          store,
          stay({ start: ADMITTED }, { extension: [agreedDischarge('2026-03-13T11:00:00+01:00')] }),
        );
        expect(await worklist(store)).toEqual({
          'admission-report': `completed due 2026-03-10T09:00:00.000Z done 2026-03-09T15:00:00+01:00`,
          'discharge-plan': 'requested due 2026-03-13T09:59:59.999Z',
          'care-pathway-plan': 'requested due 2026-03-13T09:59:59.999Z',
        });

        await put(
          store,
          discharged(),
          dischargePlan('2026-03-11T10:00:00+01:00', '2026-03-11T11:00:00+01:00'),
        );
        await put(
          store,
          exchange(carePathwayPlan, '2026-03-11T12:00:00+01:00'),
          exchange(readyForDischarge, '2026-03-12T09:00:00+01:00'),
        );
        await put(
          store,
          exchange(dischargeReport, '2026-03-12T13:00:00+01:00'),
          exchange(dischargeLetter, '2026-03-20T09:00:00+01:00'),
        );
        expect(await worklist(store)).toEqual({
          'admission-report': `completed due 2026-03-10T09:00:00.000Z done 2026-03-09T15:00:00+01:00`,
          'discharge-plan': `${OPEN['discharge-plan']} done 2026-03-11T11:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
          'care-pathway-plan': `${OPEN['care-pathway-plan']} done 2026-03-11T12:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
          'ready-for-discharge': `${OPEN['ready-for-discharge']} done 2026-03-12T09:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
          'discharge-report': `${OPEN['discharge-report']} done 2026-03-12T13:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
          'discharge-letter': `${OPEN['discharge-letter']} done 2026-03-20T09:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
        });
      });

      it('writes a Task that says who owes what to whom, until when and under which agreement', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), episode('municipal-services'), discharged());
        expect(await taskOf(store, admissionReport)).toMatchObject({
          resourceType: 'Task',
          status: 'requested',
          intent: 'order',
          instantiatesCanonical: 'https://overgang.dk/fhir/PlanDefinition/agreement-DK-82|2025',
          code: {
            coding: [
              {
                system: 'https://overgang.dk/fhir/CodeSystem/exchange',
                code: 'admission-report',
                display: 'Indlæggelsesrapport',
              },
            ],
          },
          description: 'Indlæggelsesrapport',
          focus: { reference: 'Encounter/stay' },
          encounter: { reference: 'Encounter/stay' },
          for: { reference: 'Patient/anna' },
          owner: { reference: 'Organization/municipality', display: 'Aarhus' },
          restriction: { period: { end: '2026-03-10T09:00:00.000Z' } },
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare',
              valueReference: { reference: 'EpisodeOfCare/course' },
            },
          ],
        });
        expect((await taskOf(store, dischargeLetter))?.owner).toEqual({
          reference: 'Organization/department',
        });
      });

      it('does not mind the order in which the facts arrive', async () => {
        const inOrder = await planningStore(fixture);
        const reversed = await planningStore(fixture, 'second');
        const facts = [
          episode('coordination'),
          episode('municipal-services'),
          discharged(),
          exchange(admissionReport, '2026-03-09T15:00:00+01:00'),
          exchange(dischargeLetter, '2026-03-13T09:00:00+01:00'),
        ];
        for (const fact of facts) await put(inOrder, fact);
        for (const fact of facts.toReversed()) await put(reversed, fact);
        expect(await worklist(reversed)).toEqual(await worklist(inOrder));
        expect(Object.keys(await worklist(inOrder))).toHaveLength(6);
      });

      it('changes nothing when it runs again on the same facts', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), discharged());
        const before = await taskOf(store, dischargeReport);
        const unrelated = { ...discharged(), language: 'da' };
        await put(store, unrelated);
        await put(store, { ...citizen(), language: 'da' });
        expect((await taskOf(store, dischargeReport))?.meta).toEqual(before?.meta);
      });

      it('ties the stay to the overlapping course, and lets go when a late discharge shows that they never met', async () => {
        const store = await planningStore(fixture);
        const courses = async (id = 'stay') =>
          (await read<Encounter>(store, 'Encounter', id))?.episodeOfCare?.map(({ reference }) => reference);
        await put(
          store,
          episode('coordination', { period: { start: '2026-03-12', end: '2026-06-01' } }),
          discharged(),
        );
        expect(await courses()).toEqual(['EpisodeOfCare/course']);
        const early = { start: '2026-02-01T10:00:00+01:00' };
        await put(store, stay(early, { id: 'early' }));
        expect(await courses('early')).toEqual(['EpisodeOfCare/course']);
        const open = (await read<Encounter>(store, 'Encounter', 'early')) as Encounter;
        await put(store, {
          ...open,
          status: 'finished',
          period: { ...early, end: '2026-02-03T10:00:00+01:00' },
        });
        expect(await courses('early')).toBeUndefined();
        expect(new Set(Object.values(await worklist(store, 'early')))).toEqual(new Set(['no-course']));
      });

      it('never changes the course that the sender named', async () => {
        const store = await planningStore(fixture);
        const named = [{ reference: 'EpisodeOfCare/course' }];
        const late = episode('coordination', { period: { start: '2026-05-01' } });
        await put(
          store,
          late,
          episode('coordination', { id: 'overlapping' }),
          discharged({ episodeOfCare: named }),
        );
        expect((await read<Encounter>(store, 'Encounter', 'stay'))?.episodeOfCare).toEqual(named);
        await put(store, episode('coordination', { status: 'cancelled' }));
        const { episodeOfCare } = (await read<Encounter>(store, 'Encounter', 'stay')) as Encounter;
        expect(episodeOfCare?.map(({ reference }) => reference)).toEqual([
          'EpisodeOfCare/course',
          'EpisodeOfCare/overlapping',
        ]);
        expect(episodeOfCare?.[0]).toEqual(named[0]);
      });

      it('moves a communication’s fulfilment when it is moved to another stay', async () => {
        const store = await planningStore(fixture);
        const second = discharged({ id: 'second' });
        const report = exchange(dischargeReport, '2026-03-12T13:00:00+01:00');
        await put(store, episode('coordination'), discharged(), second, report);
        expect((await taskOf(store, dischargeReport))?.status).toBe('completed');
        await put(store, { ...report, encounter: { reference: 'Encounter/second' } });
        expect((await taskOf(store, dischargeReport))?.status).toBe('requested');
        expect((await taskOf(store, dischargeReport))?.output).toBeUndefined();
        expect(await taskOf(store, dischargeReport, 'second')).toMatchObject({
          status: 'completed',
          output: [{ valueReference: { reference: `Communication/${report.id}` } }],
        });
      });

      it('takes up again what an exchange entered in error, or deleted, had closed', async () => {
        const store = await planningStore(fixture);
        const letter = exchange(dischargeLetter, '2026-03-13T09:00:00+01:00');
        const report = exchange(dischargeReport, '2026-03-12T13:00:00+01:00');
        await put(store, episode('coordination'), discharged(), letter, report);
        await put(store, { ...letter, status: 'entered-in-error' });
        await remove(store, 'Communication', report.id);
        expect(await worklist(store)).toMatchObject({
          'discharge-letter': OPEN['discharge-letter'],
          'discharge-report': OPEN['discharge-report'],
        });
        await put(store, letter);
        expect((await taskOf(store, dischargeLetter))?.status).toBe('completed');
      });

      it('withdraws on error, death, too short a stay and deletion, and takes up again when that was wrong', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), episode('municipal-services'), discharged());
        expect(await worklist(store)).toEqual(OPEN);

        await put(store, discharged({ status: 'entered-in-error' }));
        const statuses = new Set(Object.values(await worklist(store)).map((line) => line.split(' ')[0]));
        expect(statuses).toEqual(new Set(['entered-in-error']));
        await put(store, discharged());
        expect(await worklist(store)).toEqual(OPEN);

        await put(
          store,
          discharged({ hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }),
        );
        expect(await worklist(store)).toMatchObject({
          'admission-report': OPEN['admission-report'],
          'discharge-letter': expect.stringMatching(/^not-applicable/) as unknown as string,
        });
        expect((await taskOf(store, dischargeLetter))?.statusReason?.text).toContain(
          'Borgeren døde ikke under opholdet',
        );

        await put(store, stay({ start: '2026-03-12T10:00:00+01:00', end: DISCHARGED }));
        expect(await worklist(store)).toMatchObject({
          'discharge-plan': expect.stringMatching(/^short-stay/) as unknown as string,
          'ready-for-discharge': expect.stringMatching(/^not-applicable/) as unknown as string,
          'discharge-letter': OPEN['discharge-letter'],
        });

        await remove(store, 'Encounter', 'stay');
        const deleted = new Set(Object.values(await worklist(store)).map((line) => line.split(' ')[0]));
        expect(deleted).toEqual(new Set(['stay-deleted']));
      });

      it('withdraws what follows the discharge when the discharge is cancelled', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), discharged());
        await put(store, stay({ start: ADMITTED }));
        expect(await worklist(store)).toMatchObject({
          'discharge-plan': 'requested',
          'discharge-report': expect.stringMatching(/^not-yet-owed/) as unknown as string,
          'discharge-letter': expect.stringMatching(/^not-yet-owed/) as unknown as string,
        });
      });

      it('withdraws when the course is cancelled, and plans when a course comes after the stay', async () => {
        const store = await planningStore(fixture);
        await put(store, discharged());
        expect(await worklist(store)).toEqual({});
        await put(store, episode('coordination'));
        expect(Object.keys(await worklist(store))).toContain('discharge-letter');
        await put(store, episode('coordination', { status: 'cancelled' }));
        const statuses = new Set(Object.values(await worklist(store)).map((line) => line.split(' ')[0]));
        expect(statuses).toEqual(new Set(['no-course']));
      });

      it('moves to another agreement when the citizen turns out to live elsewhere', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), discharged());
        await put(store, citizen('anna', '0101'));
        expect(await taskOf(store, carePathwayPlan)).toMatchObject({
          instantiatesCanonical: 'https://overgang.dk/fhir/PlanDefinition/agreement-DK-84|2025',
          restriction: { period: { end: '2026-03-11T22:59:59.999Z' } },
        });
      });

      it('leaves what people write on a Task, and what they settle by hand', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), episode('municipal-services'), discharged());
        let touched = 0;
        const touch = () => put(store, { ...discharged(), language: touched++ % 2 === 0 ? 'da' : 'en' });
        const report = (await taskOf(store, dischargeReport)) as Task;
        await put(store, {
          ...report,
          status: 'accepted',
          priority: 'urgent',
          note: [{ text: 'Ringer i morgen' }],
        });
        await touch();
        expect(await taskOf(store, dischargeReport)).toMatchObject({
          status: 'accepted',
          priority: 'urgent',
          note: [{ text: 'Ringer i morgen' }],
        });

        const letter = (await taskOf(store, dischargeLetter)) as Task;
        await put(store, {
          ...letter,
          status: 'completed',
          executionPeriod: { end: '2026-03-14T10:00:00Z' },
        });
        const notice = (await taskOf(store, readyForDischarge)) as Task;
        await put(store, { ...notice, status: 'cancelled', statusReason: { text: 'Aftalt telefonisk' } });
        await put(
          store,
          stay(
            { start: ADMITTED, end: '2026-03-12T15:00:00+01:00' },
            { extension: [endOfTreatment('2026-03-11T09:00:00+01:00')] },
          ),
        );
        expect(await taskOf(store, dischargeLetter)).toMatchObject({
          status: 'completed',
          executionPeriod: { end: '2026-03-14T10:00:00Z' },
        });
        expect(await taskOf(store, readyForDischarge)).toMatchObject({
          status: 'cancelled',
          statusReason: { text: 'Aftalt telefonisk' },
        });

        await put(store, exchange(dischargeReport, '2026-03-12T14:00:00+01:00'));
        expect(await taskOf(store, dischargeReport)).toMatchObject({
          status: 'completed',
          note: [{ text: 'Ringer i morgen' }],
        });
      });

      it('leaves encounters that are no stays alone', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), discharged({ class: { code: 'HH' } }));
        expect(await worklist(store)).toEqual({});
        expect((await read<Encounter>(store, 'Encounter', 'stay'))?.episodeOfCare).toBeUndefined();
      });
    },
    { lifetime: 'block' },
  );
});
