import { describe, expect, it } from '@jest/globals';
import type {
  Bundle,
  Encounter,
  MessageHeader,
  OperationOutcome,
  Organization,
  Patient,
  Provenance,
} from '@medplum/fhirtypes';
import { fromXml, toXml } from '../../src/fhir/xml.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { MEDCOM_EXTENSION } from '../../src/medcom/vocabulary.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { ELMER, EPISODE, following, HOSPITAL, tell, WARD } from './hospital.ts';
import { when } from './stay-scenario.ts';
import { all, onlyPatient, onlyStay, verdictOf } from './support.ts';

const REQUESTED = 'https://overgang.dk/fhir/StructureDefinition/admission-report-requested';
const LEAVE = 'https://overgang.dk/fhir/StructureDefinition/leave-period';
const ok = { code: 'ok', details: [] };

async function send(store: Store, ...messages: readonly Bundle[]): Promise<void> {
  for (const message of messages) expect(verdictOf(await processMessage(store, message))).toEqual(ok);
}

const extensionOf = (stay: Encounter, url: string) =>
  stay.extension?.find((extension) => extension.url === url);

/** MedCom's receive test protocol for HospitalNotification (danish-domain A.9), step by step. */
onStore('PostgreSQL', (fixture) => {
  describe('the receive protocol', () => {
    it('R1 STIN_A: shown as admitted, and an admission report is asked for by the stated recipient', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient', { reportRequested: true }));
      const stay = await onlyStay(store);
      expect(stay.status).toBe('in-progress');
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).toBe(true);
      expect(extensionOf(stay, MEDCOM_EXTENSION.reportRecipient)?.valueReference).toEqual(
        stay.serviceProvider,
      );
    });

    it('R1 STIN_B1, STIN_B2 (two regions): two stays, a report asked for in each', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-inpatient', { reportRequested: true }),
        tell('admit-inpatient', {
          reportRequested: true,
          start: '02T14',
          episodes: [{ ...EPISODE, value: 'other' }],
          provider: WARD,
        }),
      );
      const stays = await all<Encounter>(store, 'Encounter');
      expect(stays.map((stay) => extensionOf(stay, REQUESTED)?.valueBoolean)).toEqual([true, true]);
    });

    it('R1.A1 STIN_C1, STIN_C2 (same region): one stay, no second report', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-inpatient', { reportRequested: true }),
        tell('admit-inpatient', {
          start: '03T14',
          episodes: [{ ...EPISODE, value: 'other' }],
          provider: WARD,
        }),
      );
      const stay = await onlyStay(store);
      expect(stay.period).toEqual({ start: when('02T10') });
      expect(extensionOf(stay, MEDCOM_EXTENSION.reportRecipient)?.valueReference).not.toEqual(
        stay.serviceProvider,
      );
    });

    it('R2 STAA_D: shown as acute ambulant, and a report is asked for', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-emergency', { reportRequested: true }));
      const stay = await onlyStay(store);
      expect([stay.class.code, stay.status]).toEqual(['EMER', 'in-progress']);
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).toBe(true);
    });

    it('R2.A1 STAA_E, STIN_E: the acute ambulant becomes admitted, in the same stay', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-emergency', { reportRequested: true }),
        tell('admit-inpatient', { start: '02T15' }),
      );
      const stay = await onlyStay(store);
      expect([stay.class.code, stay.status, stay.period?.start]).toEqual([
        'IMP',
        'in-progress',
        when('02T10'),
      ]);
      expect(stay.classHistory).toEqual([
        {
          class: expect.objectContaining({ code: 'EMER' }),
          period: { start: when('02T10'), end: when('02T15') },
        },
      ]);
    });

    it('R3 STIN_F, STOR_F: on leave from leavePeriod.start, and no report is asked for', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient'), tell('start-leave-inpatient', { leave: ['05T10'] }));
      const stay = await onlyStay(store);
      expect([stay.status, extensionOf(stay, LEAVE)?.valuePeriod]).toEqual([
        'onleave',
        { start: when('05T10') },
      ]);
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).not.toBe(true);
    });

    it('R4 STIN_G, STOR_G, SLOR_G: back from leave at leavePeriod.end, and no report is asked for', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-inpatient'),
        tell('start-leave-inpatient', { leave: ['05T10'] }),
        tell('end-leave-inpatient', { leave: ['05T10', '06T10'] }),
      );
      const stay = await onlyStay(store);
      expect([stay.status, extensionOf(stay, LEAVE)?.valuePeriod]).toEqual([
        'in-progress',
        { start: when('05T10'), end: when('06T10') },
      ]);
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).not.toBe(true);
    });

    // MedCom's table has no bundle for it: within a hospital nothing is sent (S.BR5) until the next notification.
    it('R5: a move to another department of the hospital is shown from its next notification, in the same stay', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient', { reportRequested: true }));
      const before = await onlyStay(store);
      await send(store, tell('start-leave-inpatient', { leave: ['05T10'], provider: WARD }));
      const stay = await onlyStay(store);
      expect([stay.id, stay.status, stay.period]).toEqual([before.id, 'onleave', { start: when('02T10') }]);
      expect(stay.serviceProvider).not.toEqual(before.serviceProvider);
      expect(extensionOf(stay, MEDCOM_EXTENSION.reportRecipient)?.valueReference).toEqual(
        before.serviceProvider,
      );
    });

    it('R6 STIN_H, SLHJ_H: discharged, the citizen alive, and no report is asked for', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient'), tell('discharge-inpatient-home', { end: '07T10' }));
      const stay = await onlyStay(store);
      expect([stay.status, stay.period]).toEqual(['finished', { start: when('02T10'), end: when('07T10') }]);
      expect(stay.hospitalization?.dischargeDisposition?.coding?.[0]?.code).not.toBe('exp');
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).not.toBe(true);
      expect((await onlyPatient(store)).deceasedBoolean).not.toBe(true);
    });

    it('R7 STIN_K, MORS_K: shown dead, the stay ended by death', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient'), tell('admit-inpatient', { end: '04T10', deceased: true }));
      expect((await onlyPatient(store)).deceasedBoolean).toBe(true);
      const stay = await onlyStay(store);
      expect([stay.status, stay.period?.end]).toEqual(['finished', when('04T10')]);
      expect(stay.hospitalization?.dischargeDisposition?.coding?.[0]?.code).toBe('exp');
    });

    it('R6 STIN_I, STOR_I, SLHJ_I: discharged, also from leave and with the status left on leave', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient'), tell('start-leave-inpatient', { leave: ['05T10'] }));
      const acknowledgement = await processMessage(
        store,
        tell('discharge-inpatient-home', { end: '07T10', status: 'onleave' }),
      );
      expect(verdictOf(acknowledgement)).toEqual({ code: 'ok', details: ['MSG_PARAM_INVALID'] });
      const stay = await onlyStay(store);
      expect([stay.status, stay.period?.end]).toEqual(['finished', when('07T10')]);
    });

    it('R7 MORS_L: shown dead, the stay ended by death', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-inpatient'),
        tell('start-leave-inpatient', { leave: ['05T10'] }),
        tell('start-leave-inpatient', { leave: ['05T10'], end: '06T10', deceased: true }),
      );
      expect((await onlyPatient(store)).deceasedBoolean).toBe(true);
      const stay = await onlyStay(store);
      expect(stay.status).toBe('finished');
      expect(stay.hospitalization?.dischargeDisposition?.coding?.[0]?.code).toBe('exp');
    });

    it('R7 MORS_J: a death told with the status left in progress is a death all the same', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient', { sent: '04T10', deceased: true, status: 'in-progress' });
      expect(verdictOf(await processMessage(store, message)).code).toBe('ok');
      const stay = await onlyStay(store);
      expect([stay.status, stay.period?.end]).toEqual(['finished', when('04T10')]);
    });

    it('AN_MORS: a death taken back gives citizen and stay back to life', async () => {
      const store = await fixture.open();
      await send(
        store,
        tell('admit-inpatient'),
        tell('admit-inpatient', { end: '04T10', deceased: true }),
        tell('admit-inpatient', { sent: '04T12', deceased: false }),
      );
      const stay = await onlyStay(store);
      expect(stay.status).toBe('in-progress');
      expect(stay.hospitalization).toBeUndefined();
      expect((await onlyPatient(store)).deceasedBoolean).toBe(false);
    });

    it('R8 STIN_M: a stay whose discharge never came is ended by hand, and late messages do not open it again', async () => {
      const store = await fixture.open();
      await send(store, tell('admit-inpatient'));
      const stay = await onlyStay(store);
      await store.transaction((transaction) =>
        transaction.write([
          {
            op: 'update',
            resource: {
              ...stay,
              id: stay.id!,
              status: 'finished',
              period: { ...stay.period!, end: when('09T10') },
            },
          },
        ]),
      );
      await send(store, tell('start-leave-inpatient', { leave: ['05T10'] }));
      const later = await onlyStay(store);
      expect([later.status, later.period?.end]).toEqual(['finished', when('09T10')]);
    });

    it('R.CORR STIN_O, RE_STIN_O: the corrected time is shown, the change is traceable', async () => {
      const store = await fixture.open();
      const admitted = tell('admit-inpatient', { reportRequested: true });
      await send(
        store,
        admitted,
        tell('revise-admit-inpatient', {
          start: '02T11',
          sent: '02T15',
          ...following(admitted, 'admit-inpatient', '02T10'),
        }),
      );
      const stay = await onlyStay(store);
      expect(stay.period?.start).toBe(when('02T11'));
      expect(extensionOf(stay, REQUESTED)?.valueBoolean).toBe(true);
      const history = await store.history({ type: 'Encounter', id: stay.id!, count: 10 });
      expect(history.entries.map((entry) => (JSON.parse(entry.content) as Encounter).period?.start)).toEqual([
        when('02T11'),
        when('02T10'),
      ]);
      const provenances = await all<Provenance>(store, 'Provenance', [['target', `Encounter/${stay.id}`]]);
      expect(provenances.map((each) => each.activity?.coding?.[0]?.code).sort()).toEqual([
        'admit-inpatient',
        'revise-admit-inpatient',
      ]);
    });

    it('R.CORR STIN_P, RE_STIN_P: the corrected department is shown', async () => {
      const store = await fixture.open();
      const admitted = tell('admit-inpatient');
      await send(
        store,
        admitted,
        tell('revise-admit-inpatient', {
          sent: '02T15',
          provider: WARD,
          ...following(admitted, 'admit-inpatient', '02T10'),
        }),
      );
      const stay = await onlyStay(store);
      const organizations = await all<Organization>(store, 'Organization');
      const shown = organizations.find(
        (each) => `Organization/${each.id}` === stay.serviceProvider?.reference,
      );
      expect(shown?.name).toBe(WARD.name);
    });

    it('R.CANC STIN_N, AN_STIN_N: shown as cancelled, the citizen alive', async () => {
      const store = await fixture.open();
      const admitted = tell('admit-inpatient');
      await send(
        store,
        admitted,
        tell('cancel-admit-inpatient', {
          sent: '02T16',
          ...following(admitted, 'admit-inpatient', '02T10'),
        }),
      );
      const stays = await all<Encounter>(store, 'Encounter');
      expect(stays.map((stay) => stay.status)).toEqual(['entered-in-error']);
      expect((await onlyPatient(store)).deceasedBoolean).not.toBe(true);
    });

    it('R.CANC STIN_P, RE_STIN_P, AN_STIN_P: shown as cancelled, also after a correction', async () => {
      const store = await fixture.open();
      const admitted = tell('admit-inpatient');
      const corrected = tell('revise-admit-inpatient', {
        start: '02T11',
        sent: '02T15',
        ...following(admitted, 'admit-inpatient', '02T10'),
      });
      await send(
        store,
        admitted,
        corrected,
        tell('cancel-admit-inpatient', {
          start: '02T11',
          sent: '02T16',
          ...following(corrected, 'revise-admit-inpatient', '02T15'),
        }),
      );
      const stays = await all<Encounter>(store, 'Encounter');
      expect(stays.map((stay) => stay.status)).toEqual(['entered-in-error']);
    });

    it('3.4.1: the acknowledgement answers this message, from receiver to sender', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const answer = (await processMessage(store, message))!;
      const header = answer.entry![0]!.resource as MessageHeader;
      expect(header.response).toEqual({ identifier: message.headerId, code: 'ok' });
      expect(header.destination?.[0]?.endpoint).toBe(`https://sor2.sum.dsdn.dk/#id=${HOSPITAL.sor}`);
      expect(header.id).not.toBe(message.headerId);
      expect(answer.id).not.toBe(message.id);
    });

    it('3.4.2 TEK_ID_LOCAL, TEK_ID_LPR3, TEK_ID_2: both identifiers are kept and find the stay', async () => {
      const store = await fixture.open();
      const lpr3 = {
        system: 'https://www.esundhed.dk/Registre/Landspatientregisteret',
        value: 'urn:uuid:fc60e762-b13b-5773-865e-67f3907bdcc7',
      };
      await send(
        store,
        tell('admit-inpatient', { episodes: [lpr3, { ...EPISODE, value: `urn:uuid:${EPISODE.value}` }] }),
        tell('start-leave-inpatient', { leave: ['05T10'], episodes: [EPISODE] }),
        tell('discharge-inpatient-home', { end: '07T10', episodes: [lpr3] }),
      );
      const stay = await onlyStay(store);
      expect(stay.status).toBe('finished');
      expect(stay.identifier).toEqual(expect.arrayContaining([lpr3, EPISODE]));
      const normalised = stay.identifier!.filter((each) => each.system?.endsWith('/stay-episode'));
      expect(normalised.map((each) => each.value).sort()).toEqual([
        'bd481c38a92111edafa10242ac120002',
        'fc60e762b13b5773865e67f3907bdcc7',
      ]);
    });

    it('3.4.3 TEK_STAA_A, TEK_SLHJ_A, TEK_STIN_B: discharged in the end, the late admission in history', async () => {
      const store = await fixture.open();
      const late = tell('admit-inpatient', { start: '02T12', sent: '02T19' });
      await send(store, tell('admit-emergency'), tell('discharge-inpatient-home', { end: '02T18' }), late);
      const stay = await onlyStay(store);
      expect([stay.status, stay.period]).toEqual(['finished', { start: when('02T10'), end: when('02T18') }]);
      const provenances = await all<Provenance>(store, 'Provenance', [['target', `Encounter/${stay.id}`]]);
      const sources = provenances.map((each) => each.entity?.[0]?.what.identifier?.value);
      expect(sources).toContain(late.headerId);
    });

    it('3.4.4 TEK_DUB twice: loaded once, acknowledged twice with the same content', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const first = await processMessage(store, message);
      const version = (await onlyStay(store)).meta?.versionId;
      const second = await processMessage(store, message);
      expect(second).toEqual(first);
      expect((await onlyStay(store)).meta?.versionId).toBe(version);
      expect(await all<Provenance>(store, 'Provenance')).toHaveLength(1);
    });

    it('3.4.5 TEK_LOV: a citizen without a case is acknowledged ok, and nothing of them is in the store', async () => {
      const store = await fixture.open();
      const answer = await processMessage(store, tell('admit-inpatient'), { relevance: 'known-cases' });
      expect(verdictOf(answer)).toEqual(ok);
      for (const type of ['Patient', 'Encounter', 'Organization', 'Provenance'] as const) {
        expect(await all(store, type)).toEqual([]);
      }
      expect(await rowsWith(store, ELMER)).toEqual([]);
      expect(await rowsWith(store, 'admit-inpatient')).toEqual(['medcom_receipt']);
    });

    it('3.4.5: with a course under way the same message is kept', async () => {
      const store = await fixture.open();
      await store.transaction((transaction) =>
        transaction.write([
          {
            op: 'create',
            resource: {
              resourceType: 'Patient',
              id: 'elmer',
              identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: ELMER }],
            } as Patient,
          },
          {
            op: 'create',
            resource: {
              resourceType: 'EpisodeOfCare',
              status: 'active',
              type: [
                {
                  coding: [
                    { system: 'https://overgang.dk/fhir/CodeSystem/course-type', code: 'coordination' },
                  ],
                },
              ],
              patient: { reference: 'Patient/elmer' },
              period: { start: '2026-01-01' },
            },
          },
        ]),
      );
      await processMessage(store, tell('admit-inpatient'), { relevance: 'known-cases' });
      expect((await onlyStay(store)).subject?.reference).toBe('Patient/elmer');
    });

    it('3.4.6 TEK_FCC: what lacks event code and class is refused, with the place, and not shown', async () => {
      const store = await fixture.open();
      const message = tell('admit-inpatient');
      const header = message.entry![0]!.resource as Partial<MessageHeader>;
      delete header.eventCoding;
      const answer = (await processMessage(store, message))!;
      expect(verdictOf(answer).code).toBe('fatal-error');
      const outcome = answer
        .entry!.map((entry) => entry.resource)
        .find((each): each is OperationOutcome => each?.resourceType === 'OperationOutcome')!;
      expect(outcome.issue[0]!.expression).toBeDefined();
      expect(await all(store, 'Encounter')).toEqual([]);
    });

    it('3.4.7: XML is received as JSON is', async () => {
      const store = await fixture.open();
      await send(store, fromXml(toXml(tell('admit-inpatient'))) as Bundle);
      expect((await onlyStay(store)).status).toBe('in-progress');
    });
  });
});

/** Names of tables with a row in which this text stands anywhere. */
async function rowsWith(store: Store, text: string): Promise<readonly string[]> {
  const sql = sqlOf(store);
  const tables = await sql.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.query(
      `SELECT 1 FROM "${name}" AS each WHERE each::text LIKE '%' || $1 || '%' LIMIT 1`,
      [text],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}
