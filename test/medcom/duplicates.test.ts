import { describe, expect, it } from '@jest/globals';
import type { Bundle, Encounter, MessageHeader, Organization, Patient, Provenance } from '@medplum/fhirtypes';
import { processMessage } from '../../src/medcom/process-message.ts';
import { sqlOf } from '../../src/store/sql.ts';
import { onEveryStore, onStore } from '../support/stores.ts';
import { HOSPITAL, tell, WARD } from './hospital.ts';
import { all, onlyStay, verdictOf } from './support.ts';

/** The duplicate matrix of MedCom's reliable messaging (danish-domain A.8), row by row. */
onEveryStore((fixture) => {
  describe('the duplicate matrix', () => {
    it('new Bundle.id, new MessageHeader.id: processed', async () => {
      const store = await fixture.open();
      await processMessage(store, tell('admit-inpatient'));
      expect(
        verdictOf(await processMessage(store, tell('discharge-inpatient-home', { end: '05T10' }))),
      ).toEqual({
        code: 'ok',
        details: [],
      });
      expect((await onlyStay(store)).status).toBe('finished');
    });

    it('seen Bundle.id, seen MessageHeader.id: the original answer again, word for word', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const original = await processMessage(store, message, { now: () => '2026-03-02T10:00:01.000Z' });
      const again = await processMessage(store, message, { now: () => '2026-03-02T11:00:01.000Z' });
      expect(again).toEqual(original);
    });

    it('new Bundle.id, seen MessageHeader.id: a resend, answered with the same content in a new transmission', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const original = (await processMessage(store, message, { now: () => '2026-03-02T10:00:01.000Z' }))!;
      const resent = { ...message, id: 'resent', timestamp: '2026-03-02T10:31:00Z' };
      const again = (await processMessage(store, resent, { now: () => '2026-03-02T10:31:01.000Z' }))!;
      expect(again.entry).toEqual(original.entry);
      expect(again.id).not.toBe(original.id);
      expect(again.timestamp).toBe('2026-03-02T10:31:01.000Z');
      expect(await all<Provenance>(store, 'Provenance')).toHaveLength(1);
    });

    it('seen Bundle.id, new MessageHeader.id: refused, nothing changes', async () => {
      const store = await fixture.open();
      const first = tell('admit-inpatient');
      await processMessage(store, first);
      const reused = tell('discharge-inpatient-home', { end: '05T10', bundleId: first.id! });
      expect(verdictOf(await processMessage(store, reused))).toEqual({
        code: 'fatal-error',
        details: ['MSG_DUPLICATE_ID'],
      });
      expect((await onlyStay(store)).status).toBe('in-progress');
    });

    it('a refused message that comes again is refused again with the same content', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient', { status: 'finished' });
      const first = await processMessage(store, message);
      expect(verdictOf(first).code).toBe('fatal-error');
      expect((await processMessage(store, { ...message, id: 'again' }))?.entry).toEqual(first?.entry);
    });

    it('the same message ten times at once is processed once', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient', { reportRequested: true });
      const answers = await Promise.all(Array.from({ length: 10 }, () => processMessage(store, message)));
      expect(new Set(answers.map((answer) => answer?.entry?.[0]?.resource?.id)).size).toBe(1);
      for (const [type, count] of [
        ['Encounter', 1],
        ['Patient', 1],
        ['Organization', 1],
        ['Provenance', 1],
      ] as const) {
        expect(await all(store, type)).toHaveLength(count);
      }
      const receipts = await sqlOf(store).query<{ outcome: string }>('SELECT outcome FROM medcom_receipt');
      expect(receipts.filter((receipt) => receipt.outcome === 'ok')).toHaveLength(1);
      expect(receipts.filter((receipt) => receipt.outcome === 'duplicate')).toHaveLength(9);
    });

    it('messages about many citizens at once make each department once', async () => {
      const store = await fixture.open();
      const citizens = Array.from(
        { length: 12 },
        (_, index) => `0101${30 + index}9${String(index).padStart(3, '0')}`,
      );
      await Promise.all(
        citizens.map((cpr, index) =>
          processMessage(
            store,
            tell('admit-inpatient', {
              citizen: { cpr, family: 'Test' },
              provider: index % 2 === 0 ? HOSPITAL : WARD,
            }),
          ),
        ),
      );
      expect(await all<Organization>(store, 'Organization')).toHaveLength(2);
      expect(await all<Patient>(store, 'Patient')).toHaveLength(12);
      expect(await all<Encounter>(store, 'Encounter')).toHaveLength(12);
    });

    it('trouble of the store is answered transient-error, and the message is received when it comes again', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const broken = { ...store, transaction: () => Promise.reject(new Error('connection lost')) };
      expect(verdictOf(await processMessage(broken, message))).toEqual({
        code: 'transient-error',
        details: ['MSG_LOCAL_FAIL'],
      });
      expect(verdictOf(await processMessage(store, message)).code).toBe('ok');
    });

    it('an acknowledgement is never acknowledged', async () => {
      const store = await fixture.open();
      const acknowledgement = (await processMessage(store, tell('admit-inpatient')))!;
      expect(await processMessage(store, acknowledgement)).toBeUndefined();
    });
  });
});

onStore('PostgreSQL', (fixture) => {
  describe('identifiers', () => {
    it('a GLN is known in all its spellings', async () => {
      const store = await fixture.open();
      for (const system of ['http://www.gs1.org/gln', 'https://www.gs1.org/gln', 'urn:oid:1.3.88']) {
        const message = tell('admit-inpatient', { citizen: { cpr: '2512489996' } });
        for (const { resource } of message.entry!) {
          if (resource?.resourceType === 'Organization')
            resource.identifier = [{ system, value: HOSPITAL.gln }];
        }
        expect(verdictOf(await processMessage(store, message)).code).toBe('ok');
      }
      const [organization, ...others] = await all<Organization>(store, 'Organization');
      expect(others).toEqual([]);
      expect(organization!.identifier).toEqual([{ system: 'http://www.gs1.org/gln', value: HOSPITAL.gln }]);
    });

    it('a department without a name gets it from the first message that has one', async () => {
      const store = await fixture.open();
      const { name: _name, ...nameless } = HOSPITAL;
      await processMessage(store, tell('admit-inpatient', { provider: nameless }));
      expect((await all<Organization>(store, 'Organization'))[0]!.name).toBeUndefined();
      await processMessage(store, tell('start-leave-inpatient', { leave: ['05T10'] }));
      expect((await all<Organization>(store, 'Organization')).map((each) => each.name)).toEqual([
        HOSPITAL.name,
      ]);
    });

    it('a replacement CPR names a citizen where there is no CPR number', async () => {
      const store = await fixture.open();
      const replacement = { system: 'urn:oid:1.2.208.176.1.6.1.1', value: '250947ABC1' };
      await processMessage(store, tell('admit-inpatient', { citizen: { replacement } }));
      await processMessage(
        store,
        tell('discharge-inpatient-home', { end: '05T10', citizen: { replacement } }),
      );
      const [patient, ...others] = await all<Patient>(store, 'Patient');
      expect(others).toEqual([]);
      expect(patient!.identifier).toEqual([replacement]);
      expect((await onlyStay(store)).status).toBe('finished');
    });
  });

  describe('what cannot be understood', () => {
    const cases: readonly (readonly [string, (message: Bundle) => void, string])[] = [
      [
        'a status that does not go with the activity',
        (m) => set(m, 'Encounter', { status: 'finished' }),
        'Encounter.status',
      ],
      [
        'a class that does not go with the activity',
        (m) =>
          set(m, 'Encounter', {
            class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'EMER' },
          }),
        'Encounter.class.code',
      ],
      ['no episode identifier', (m) => set(m, 'Encounter', { episodeOfCare: [] as never }), ''],
      [
        'a time without zone',
        (m) => set(m, 'Encounter', { period: { start: '2026-03-02' } }),
        'Encounter.period.start',
      ],
      [
        'a CPR number that is none',
        (m) => set(m, 'Patient', { identifier: [cpr('2509479-989')] }),
        'Patient.identifier.value',
      ],
      [
        'a CPR number of an impossible day',
        (m) => set(m, 'Patient', { identifier: [cpr('3209479989')] }),
        'Patient.identifier.value',
      ],
      [
        'no citizen',
        (m) => set(m, 'Encounter', { subject: { reference: 'Patient/nobody' } }),
        'Encounter.subject',
      ],
      [
        'no department',
        (m) => set(m, 'Encounter', { serviceProvider: { reference: 'Organization/none' } }),
        'Encounter.serviceProvider',
      ],
      [
        'no Provenance of the message itself',
        (m) => set(m, 'Provenance', { target: [{ reference: 'MessageHeader/another' }] }),
        'Bundle.entry.resource.ofType(Provenance)',
      ],
      [
        'a discharge before the admission',
        (m) =>
          set(m, 'Encounter', { period: { start: '2026-03-02T10:00:00Z', end: '2026-03-01T10:00:00Z' } }),
        'period',
      ],
    ];
    it('is refused with the place, and only the receipt is kept', async () => {
      const store = await fixture.open();
      for (const [name, spoil, place] of cases) {
        const message = tell('admit-inpatient');
        spoil(message);
        const answer = (await processMessage(store, message))!;
        const text = JSON.stringify(answer);
        expect([name, verdictOf(answer).code, text.includes(place)]).toEqual([name, 'fatal-error', true]);
        expect(text).not.toMatch(/2509479-?989|3209479989/);
      }
      for (const type of ['Patient', 'Encounter', 'Organization', 'Provenance'] as const) {
        expect(await all(store, type)).toEqual([]);
      }
      const receipts = await sqlOf(store).query<{ outcome: string }>('SELECT outcome FROM medcom_receipt');
      expect(receipts.map((receipt) => receipt.outcome)).toEqual(cases.map(() => 'fatal-error'));
    });

    it('an unknown kind of message is refused as such', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      (message.entry![0]!.resource as MessageHeader).eventCoding!.code = 'empty-message';
      expect(verdictOf(await processMessage(store, message))).toEqual({
        code: 'fatal-error',
        details: ['MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE'],
      });
    });

    it('what is no message at all is a 400', async () => {
      const store = await fixture.open();
      for (const body of [
        undefined,
        null,
        1,
        'text',
        [],
        {},
        { resourceType: 'Patient' },
        { resourceType: 'Bundle', type: 'batch' },
      ]) {
        await expect(processMessage(store, body)).rejects.toMatchObject({ status: 400 });
      }
    });
  });
});

function set(message: Bundle, type: string, values: object): void {
  for (const { resource } of message.entry!)
    if (resource?.resourceType === type) Object.assign(resource, values);
}

function cpr(value: string) {
  return { system: 'urn:oid:1.2.208.176.1.2', value };
}
