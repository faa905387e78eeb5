import { describe, expect, it } from '@jest/globals';
import type {
  Bundle,
  Encounter,
  EpisodeOfCare,
  Organization,
  Patient,
  Provenance,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { planStays } from '../../src/coordination/plan-stays.ts';
import { obligationPlanner } from '../../src/coordination/planner.ts';
import { CODE_SYSTEM } from '../../src/fhir/canonical.ts';
import { errorIssue } from '../../src/fhir/outcome.ts';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import type { Sending } from '../../src/synthetic/medcom/course.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { AGREEMENT_FILES, agreementFile } from '../coordination/support/stay.ts';
import { onEveryStore, onStore } from '../support/stores.ts';
import { HOSPITAL, tell, WARD } from './hospital.ts';
import { all, onlyPatient, verdictOf } from './support.ts';

const calendar = createCalendar();

const cprs = (count: number) => Array.from({ length: count }, (_, number) => `010150${4000 + number}`);
const admitted = (cpr: string) =>
  tell('admit-inpatient', {
    citizen: { cpr, family: cpr === '0101504003' ? 'Refused' : 'Test' },
    episodes: [{ system: 'urn:oid:1.2.3', value: `stay-${cpr.slice(6)}` }],
  });

async function put(store: Store, ...resources: readonly Resource[]): Promise<void> {
  await store.transaction((transaction) =>
    transaction.write(
      resources.map((resource) => ({ op: 'update', resource: resource as Resource & { id: string } })),
    ),
  );
}

async function receive(store: Store, sending: Sending): Promise<void> {
  if (sending.resourceType === 'Binary') {
    const { status } = await receiveLetter(store, Buffer.from(sending.data ?? '', 'base64'));
    expect(status).toBe(200);
  } else if (sending.type === 'message') {
    expect(verdictOf(await processMessage(store, sending)).code).toBe('ok');
  } else {
    await put(store, ...(sending.entry ?? []).flatMap(({ resource }) => resource ?? []));
  }
}

/** Stays and obligations in words that do not depend on ids. */
async function outcome(store: Store): Promise<string[]> {
  const patients = new Map(
    (await all<Patient>(store, 'Patient')).map((one) => [`Patient/${one.id}`, one.identifier?.[0]?.value]),
  );
  const stays = await all<Encounter>(store, 'Encounter');
  const tasks = await all<Task>(store, 'Task');
  return stays
    .map((stay) => {
      const owed = tasks
        .filter((task) => task.encounter?.reference === `Encounter/${stay.id}`)
        .map((task) =>
          [
            task.code?.coding?.[0]?.code,
            task.status,
            task.restriction?.period?.end,
            task.executionPeriod?.end,
          ].join(' '),
        );
      return [
        patients.get(stay.subject?.reference ?? ''),
        stay.status,
        stay.period?.start,
        stay.period?.end,
        stay.episodeOfCare?.[0]?.reference,
        ...owed.sort(),
      ].join('; ');
    })
    .sort();
}

/** What planning all stays anew, from the database alone, would still change. */
async function leftToPlan(store: Store): Promise<number> {
  const ids = (await all<Encounter>(store, 'Encounter')).map(({ id }) => id as string);
  const changes = await store.transaction((transaction) => planStays(transaction, ids, calendar));
  return changes.length;
}

describe('messages and letters that come at once', () => {
  onStore('PostgreSQL', (fixture) => {
    it('to two servers, each of them twice, are what they are one by one', async () => {
      const population = populationOptions({
        ...DEFAULT_REQUEST,
        seed: 'at-once',
        courses: 6,
        as: 'medcom',
      });
      const courses = [...generateCourses(population)].map(({ sendings }) => sendings);
      const shared = [...AGREEMENT_FILES.map(agreementFile)];
      const organisations = organisationBundles();
      const isTransaction = (one: Sending) => one.resourceType === 'Bundle' && one.type === 'transaction';

      const one = await fixture.open();
      const connection = await fixture.connection();
      const [left, right] = await Promise.all([
        openStore({ ...connection, validate: validateResource }),
        openStore({ ...connection, validate: validateResource }),
      ]);
      try {
        for (const store of [one, left, right]) store.addListener(obligationPlanner({ calendar }));
        for (const store of [one, left]) {
          await put(store, ...shared);
          for (const bundle of organisations) await receive(store, bundle);
          for (const course of courses)
            for (const sending of course.filter(isTransaction)) await receive(store, sending);
        }
        for (const course of courses) {
          for (const sending of course) if (!isTransaction(sending)) await receive(one, sending);
        }
        await Promise.all(
          courses.map(async (course) => {
            for (const sending of course) {
              if (isTransaction(sending)) continue;
              await Promise.all([receive(left, sending), receive(right, sending)]);
            }
          }),
        );
        expect(await outcome(left)).toEqual(await outcome(one));
        expect(await leftToPlan(left)).toBe(0);
        expect((await all<Provenance>(left, 'Provenance')).length).toBe(
          courses.flat().filter((each) => (each as Bundle).type === 'message').length,
        );
      } finally {
        await Promise.all([left.close(), right.close()]);
      }
    });

    it('bring the obligations that follow from them in the same write', async () => {
      const store = await fixture.open();
      store.addListener(obligationPlanner({ calendar }));
      await put(store, ...AGREEMENT_FILES.map(agreementFile));
      await processMessage(store, tell('admit-inpatient'));
      const patient = await onlyPatient(store);
      await put(store, {
        resourceType: 'EpisodeOfCare',
        id: 'course',
        status: 'active',
        type: [{ coding: [{ system: CODE_SYSTEM.courseType, code: 'coordination' }] }],
        patient: { reference: `Patient/${patient.id}` },
        period: { start: '2026-01-01' },
      } as EpisodeOfCare);
      const writes: string[][] = [];
      store.addListener({
        name: 'types',
        types: new Set(['Encounter', 'Task']),
        written: async (_, written) => {
          writes.push([...new Set(written.map(({ type }) => type))].sort());
        },
      });
      await processMessage(store, tell('discharge-inpatient-home', { end: '05T10' }));
      expect(writes).toEqual([['Encounter', 'Task']]);
      expect(await leftToPlan(store)).toBe(0);
    });

    it('see an organisation that another server began to store before they looked', async () => {
      const connection = await fixture.connection();
      const [here, there] = await Promise.all([openStore(connection), openStore(connection)]);
      const identifier = [{ system: 'urn:oid:1.2.208.176.1.1', value: HOSPITAL.sor }];
      try {
        await there.transaction(async (transaction) => {
          await transaction.write([{ op: 'create', resource: { resourceType: 'Organization', identifier } }]);
          const elsewhere = tell('admit-inpatient', { citizen: { cpr: '0101504000' }, provider: WARD });
          expect(verdictOf(await processMessage(here, elsewhere)).code).toBe('ok');
        });
        await processMessage(here, admitted('0101504001'));
        const found = await all<Organization>(here, 'Organization');
        expect(found.filter((one) => one.identifier?.[0]?.value === HOSPITAL.sor).length).toBe(1);
        expect(found.length).toBe(2);
      } finally {
        await Promise.all([here.close(), there.close()]);
      }
    });

    it('see what another server did to an organisation', async () => {
      const connection = await fixture.connection();
      const [here, there] = await Promise.all([openStore(connection), openStore(connection)]);
      try {
        await processMessage(here, admitted('0101504000'));
        const [known] = await all<Organization>(here, 'Organization', [
          ['identifier', `urn:oid:1.2.208.176.1.1|${HOSPITAL.sor}`],
        ]);
        await there.transaction((transaction) =>
          transaction.write([{ op: 'delete', type: 'Organization', id: known?.id as string }]),
        );
        await processMessage(here, admitted('0101504001'));
        const again = await all<Organization>(here, 'Organization', [
          ['identifier', `urn:oid:1.2.208.176.1.1|${HOSPITAL.sor}`],
        ]);
        expect(again.map(({ id }) => id)).toEqual([expect.not.stringMatching(known?.id as string)]);
      } finally {
        await Promise.all([here.close(), there.close()]);
      }
    });
  });

  onEveryStore((fixture) => {
    it('share transactions', async () => {
      const store = await fixture.open();
      let writes = 0;
      store.addListener({
        name: 'count',
        types: new Set(['Provenance']),
        written: async () => {
          writes += 1;
        },
      });
      await Promise.all(cprs(12).map((cpr) => processMessage(store, admitted(cpr))));
      expect((await all<Patient>(store, 'Patient')).length).toBe(12);
      expect((await all<Organization>(store, 'Organization')).length).toBe(1);
      expect(writes).toBeLessThan(4);
    });

    it('each add what they know of an organisation', async () => {
      const store = await fixture.open();
      const [first, second, third] = cprs(3) as [string, string, string];
      const { sor, gln, name } = WARD;
      /** A message of the ward that tells no more of it than its SOR code and these. */
      const from = (cpr: string, told: { gln?: boolean; name?: string } = {}) => {
        const message = tell('admit-inpatient', {
          citizen: { cpr, family: 'Test' },
          episodes: [{ system: 'urn:oid:1.2.3', value: `stay-${cpr.slice(6)}` }],
          provider: { sor, gln },
        });
        for (const { resource } of message.entry ?? []) {
          const organization = resource as Organization;
          if (organization.identifier?.some(({ value }) => value === sor) !== true) continue;
          if (told.gln !== true) {
            organization.identifier = organization.identifier.filter(({ value }) => value !== gln);
          }
          if (told.name !== undefined) organization.name = told.name;
        }
        return message;
      };
      await processMessage(store, from(first));
      await Promise.all([
        processMessage(store, from(second, { name })),
        processMessage(store, from(third, { gln: true })),
      ]);
      const [ward, ...more] = await all<Organization>(store, 'Organization');
      expect(more).toEqual([]);
      expect(ward?.name).toBe(name);
      expect(ward?.identifier?.map(({ value }) => value).sort()).toEqual([sor, gln].sort());
    });

    it('do not suffer from one among them that cannot be stored', async () => {
      const store = await fixture.open({
        validate: (resource) =>
          (resource as Patient).name?.[0]?.family === 'Refused'
            ? [errorIssue('business-rule', 'No such name', 'Patient.name')]
            : [],
      });
      const answers = await Promise.all(cprs(8).map((cpr) => processMessage(store, admitted(cpr))));
      expect(answers.map((answer) => verdictOf(answer).code)).toEqual(
        cprs(8).map((_, number) => (number === 3 ? 'fatal-error' : 'ok')),
      );
      expect((await all<Patient>(store, 'Patient')).length).toBe(7);
    });

    it('about one citizen follow each other as they came', async () => {
      const store = await fixture.open();
      const discharged = tell('discharge-inpatient-home', { end: '05T10' });
      await Promise.all([processMessage(store, tell('admit-inpatient')), processMessage(store, discharged)]);
      await onlyPatient(store);
      const [stay, ...more] = await all<Encounter>(store, 'Encounter');
      expect(more).toEqual([]);
      expect(stay?.status).toBe('finished');
      expect(stay?.meta?.versionId).toBe('2');
    });
  });
});
