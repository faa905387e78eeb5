import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type {
  Binary,
  CarePlan,
  Communication,
  DocumentReference,
  Encounter,
  OperationOutcome,
  Organization,
  Patient,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../../src/fhir/canonical.ts';
import { buildHospitalNotification } from '../../src/medcom/build/hospital-notification.ts';
import { asLetter } from '../../src/medcom/letter/as-letter.ts';
import { readEmessages } from '../../src/medcom/letter/read-emessage.ts';
import { readLetter } from '../../src/medcom/letter/read-letter.ts';
import { sectionsOf } from '../../src/medcom/letter/section-payload.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { ELMER, EPISODE, HOSPITAL, MUNICIPALITY, tell } from './hospital.ts';
import { letter, letterFacts, PRACTICE_PARTY } from './letters-of-elmer.ts';
import { when } from './stay-scenario.ts';
import { all, hasTestdata, onlyStay, testdataFiles } from './support.ts';

const kindOf = (communication: Communication) =>
  communication.category?.[0]?.coding?.find((coding) => coding.system === CODE_SYSTEM.exchange)?.code;
const extension = (resource: { extension?: { url: string }[] }, url: string) =>
  resource.extension?.find((each) => each.url === url) as
    | { valueDateTime?: string; valueReference?: { reference?: string } }
    | undefined;
const same = (one: string | undefined, other: string) => Date.parse(one ?? '') === Date.parse(other);

async function post(store: Store, ...letters: readonly string[]): Promise<void> {
  for (const each of letters) {
    const answer = await receiveLetter(store, each);
    expect([answer.status, answer.body.includes('<PositiveReceipt>')]).toEqual([200, true]);
  }
}

onStore('PostgreSQL', (fixture) => {
  describe('letters', () => {
    it('a course told in letters becomes exchanges, plans and anchors on its stay', async () => {
      const store = await fixture.open();
      await processMessage(store, tell('admit-inpatient', { reportRequested: true }));
      await post(
        store,
        letter('XDIS16', { sent: when('02T12'), practice: PRACTICE_PARTY }),
        letter('XDIS21', { sent: when('04T10'), agreedDischarge: when('07T10'), conference: when('04T12') }),
        letter('XDIS19', {
          sent: when('05T10'),
          admission: when('02T10'),
          endOfTreatment: when('05T09'),
          plannedDischarge: when('07T10'),
        }),
      );
      await processMessage(store, tell('discharge-inpatient-home', { end: '07T11' }));
      await post(
        store,
        letter('XDIS18', { sent: when('07T12'), admission: when('02T10'), discharge: when('07T11') }),
      );
      const { episode: _episode, ...epicrisis } = letterFacts('XDIS01', {
        sent: when('08T10'),
        admission: when('02T10'),
        discharge: when('07T11'),
      });
      const { buildLetter } = await import('../../src/medcom/build/letter.ts');
      await post(store, buildLetter(epicrisis));

      const stay = await onlyStay(store);
      const exchanges = await all<Communication>(store, 'Communication', [
        ['encounter', `Encounter/${stay.id}`],
      ]);
      expect(exchanges.map(kindOf).sort()).toEqual([
        'admission-report',
        'care-pathway-plan',
        'discharge-letter',
        'discharge-report',
        'ready-for-discharge',
      ]);
      expect(exchanges.every((each) => each.meta?.tag === undefined)).toBe(true);
      expect(same(extension(stay, EXTENSION.endOfTreatment)?.valueDateTime, when('05T09'))).toBe(true);
      expect(same(extension(stay, EXTENSION.agreedDischarge)?.valueDateTime, when('07T10'))).toBe(true);
      const plans = await all<CarePlan>(store, 'CarePlan', [['encounter', `Encounter/${stay.id}`]]);
      expect(plans.map((plan) => plan.category?.[0]?.coding?.[0]?.code).sort()).toEqual([
        'care-pathway-plan',
        'discharge-plan',
      ]);
      const joint = plans.find((plan) => plan.contributor?.length === 2)!;
      expect(joint.contributor!.map((each) => each.extension?.[0]?.extension?.[0]?.valueCode)).toEqual([
        'hospital',
        'municipality',
      ]);
      const [patient] = await all<Patient>(store, 'Patient');
      const epicrisisStored = exchanges.find((each) => kindOf(each) === 'discharge-letter')!;
      expect(epicrisisStored.recipient).toEqual(patient!.generalPractitioner);
      expect(patient!.address?.[0]?.extension?.[0]?.valueCodeableConcept?.coding?.[0]?.code).toBe('0163');
    });

    it('a letter before its stay waits under a tag, and attaches itself when the stay arrives', async () => {
      const store = await fixture.open();
      await post(store, letter('XDIS16', { sent: when('02T12') }));
      const waiting = await all<Communication>(store, 'Communication', [['_tag', 'unmatched']]);
      expect(waiting).toHaveLength(1);
      expect(waiting[0]!.encounter).toBeUndefined();
      await processMessage(store, tell('admit-inpatient'));
      expect(await all<Communication>(store, 'Communication', [['_tag', 'unmatched']])).toEqual([]);
      const [attached] = await all<Communication>(store, 'Communication');
      expect(attached!.encounter?.reference).toBe(`Encounter/${(await onlyStay(store)).id}`);
    });

    it('a letter of the hour that comes twice is read as sent after its stay began, whichever comes first', async () => {
      const admitted = buildHospitalNotification({
        citizen: { cpr: ELMER, family: 'Elmer', given: ['Bruno'] },
        episodes: [EPISODE],
        provider: HOSPITAL,
        receiver: MUNICIPALITY,
        activity: 'admit-inpatient',
        start: '2026-10-25T02:10:00+01:00',
        sent: '2026-10-25T02:12:00+01:00',
      });
      const report = letter('XDIS16', { sent: '2026-10-25T02:15:00+01:00' });
      for (const stayFirst of [true, false]) {
        const store = await fixture.open();
        if (stayFirst) await processMessage(store, admitted);
        await post(store, report);
        if (!stayFirst) await processMessage(store, admitted);
        const [attached] = await all<Communication>(store, 'Communication');
        expect([attached?.sent, attached?.encounter?.reference]).toEqual([
          '2026-10-25T02:15:00+01:00',
          `Encounter/${(await onlyStay(store)).id}`,
        ]);
      }
    });

    it('the same letter again gets the same receipt and changes nothing', async () => {
      const store = await fixture.open();
      const notice = letter('XDIS19', {
        admission: when('02T10'),
        endOfTreatment: when('04T09'),
        plannedDischarge: when('06T09'),
      });
      const first = await receiveLetter(store, notice, { now: () => when('04T11') });
      const second = await receiveLetter(store, notice, { now: () => when('04T12') });
      expect(second).toEqual(first);
      expect(await all(store, 'Communication')).toHaveLength(1);
    });

    it('a corrected letter points at the one it corrects, whichever comes first; the latest end of treatment holds', async () => {
      const store = await fixture.open();
      await processMessage(store, tell('admit-inpatient'));
      const notice = (end: string, sent: string, status: 'nytbrev' | 'rettetbrev') =>
        letter('XDIS19', {
          status,
          sent: when(sent),
          admission: when('02T10'),
          endOfTreatment: when(end),
          plannedDischarge: when('08T10'),
        });
      await post(store, notice('06T09', '06T10', 'rettetbrev'), notice('05T09', '05T10', 'nytbrev'));
      const letters = await all<Communication>(store, 'Communication');
      const corrected = letters.find((each) => same(each.sent, when('06T10')))!;
      const original = letters.find((each) => same(each.sent, when('05T10')))!;
      expect(extension(corrected, EXTENSION.corrects)?.valueReference?.reference).toBe(
        `Communication/${original.id}`,
      );
      const stay = await onlyStay(store);
      expect(same(extension(stay, EXTENSION.endOfTreatment)?.valueDateTime, when('06T09'))).toBe(true);
    });

    it('the original is kept byte for byte', async () => {
      const store = await fixture.open();
      const bytes = Buffer.from(
        letter('XDIS16', { sections: [{ code: 'cause', text: 'Åndenød' }] }).replace(
          'encoding="UTF-8"',
          'encoding="windows-1252"',
        ),
        'latin1',
      );
      expect((await receiveLetter(store, bytes)).status).toBe(200);
      const [document] = await all<DocumentReference>(store, 'DocumentReference');
      const url = document!.content[0]!.attachment.url!;
      const binary = JSON.parse((await store.read('Binary', url.split('/')[1]!))!.content) as Binary;
      expect(Buffer.from(binary.data!, 'base64').equals(bytes)).toBe(true);
      const [communication] = await all<Communication>(store, 'Communication');
      expect(sectionsOf(communication!.payload)).toEqual([{ code: 'cause', text: 'Åndenød' }]);
    });

    it('the older notifications make and end a stay', async () => {
      const store = await fixture.open();
      const numbers = { notification: '24681012' };
      const { episode: _a, ...admitted } = letterFacts('XDIS20', {
        ...numbers,
        sent: when('02T11'),
        admission: when('02T10'),
        sections: [],
        citizen: { cpr: ELMER, statusCode: 'indlagt' },
      });
      const { episode: _b, ...discharged } = letterFacts('XDIS17', {
        ...numbers,
        sent: when('05T11'),
        discharge: when('05T10'),
        sections: [],
        citizen: { cpr: ELMER, statusCode: 'udskrevet_til_hjemmet' },
      });
      const { buildLetter } = await import('../../src/medcom/build/letter.ts');
      // The discharge overtakes the admission.
      await post(store, buildLetter(discharged), buildLetter(admitted));
      const stay = await onlyStay(store);
      expect(stay.status).toBe('finished');
      expect([same(stay.period?.start, when('02T10')), same(stay.period?.end, when('05T10'))]).toEqual([
        true,
        true,
      ]);
    });

    it('a VANS envelope, and a list of letters, are opened', async () => {
      const store = await fixture.open();
      const wrapped = `<VANSEnvelope xmlns="urn:oio:medcom:vans-envelope:1.0.4"><Message><Data>${Buffer.from(
        letter('XDIS16'),
      ).toString('base64')}</Data></Message></VANSEnvelope>`;
      await post(store, wrapped);
      const bare = [letter('XDIS21'), letter('XDIS16')].map((each) => each.replace(/^<\?xml[^?]*\?>\s*/, ''));
      const answer = await receiveLetter(store, `<Letters>${bare.join('')}</Letters>`);
      expect([answer.status, answer.body.match(/<PositiveReceipt>/g)?.length]).toEqual([200, 2]);
      expect(await all(store, 'Communication')).toHaveLength(3);
    });

    it('what cannot be received gets a negative receipt with the reason, and only the receipt is kept', async () => {
      const store = await fixture.open();
      const good = letter('XDIS16');
      const bad: readonly (readonly [string | Buffer, string, number])[] = [
        [good.slice(0, 400), 'syntaksfejl', 400],
        ['<!DOCTYPE a [<!ENTITY b "c">]><Emessage>&b;</Emessage>', 'syntaksfejl', 400],
        [Buffer.from(good.replace('Elmer', 'Åse'), 'latin1'), 'syntaksfejl', 400],
        ['', 'syntaksfejl', 400],
        [good.replace('XD1630C', 'XD9999C'), 'problem_med_version', 422],
        [good.replace(ELMER, '9909479989'), 'syntaksfejl', 422],
        [good.replace('<EANIdentifier>5790001348120</EANIdentifier>', ''), 'Identifier', 422],
        [good.replaceAll('2026-03-04', '2026-02-31'), 'syntaksfejl', 400],
        [good.replace(/<Patient>.*<\/Patient>/, ''), 'syntaksfejl', 422],
        [good.replaceAll('ReportOfAdmission', 'Prescription'), 'problem_med_version', 422],
      ];
      for (const [body, reason, status] of bad.filter(([, reason]) => reason !== 'Identifier')) {
        const answer = await receiveLetter(store, body);
        expect([
          String(body).slice(0, 60),
          answer.status,
          answer.body.includes(`<RefuseCode>${reason}</RefuseCode>`),
        ]).toEqual([String(body).slice(0, 60), status, true]);
        expect(answer.body).not.toContain(ELMER);
      }
      for (const type of ['Patient', 'Communication', 'Organization', 'Binary'] as const) {
        expect(await all(store, type)).toEqual([]);
      }
      const receipts = await sqlOf(store).query<{ outcome: string }>('SELECT outcome FROM medcom_receipt');
      expect(new Set(receipts.map((each) => each.outcome))).toEqual(new Set(['fatal-error']));
      const answer = await receiveLetter(store, good.slice(0, 400), { accept: 'json' });
      const outcome = JSON.parse(answer.body) as OperationOutcome;
      expect([answer.contentType, outcome.issue[0]!.severity]).toEqual([
        'application/fhir+json; charset=utf-8',
        'error',
      ]);
      // A refused letter that was mended is received under its old identifier.
      await post(store, good);
    });

    it('a letter about a citizen without a case leaves nothing but its receipt', async () => {
      const store = await fixture.open();
      const answer = await receiveLetter(store, letter('XDIS16'), { relevance: 'known-cases' });
      expect(answer.status).toBe(200);
      for (const type of ['Patient', 'Communication', 'Organization', 'Binary'] as const) {
        expect(await all(store, type)).toEqual([]);
      }
    });

    it('trouble of the store is answered 503', async () => {
      const store = await fixture.open();
      const broken = { ...store, transaction: () => Promise.reject(new Error('connection lost')) };
      expect((await receiveLetter(broken, letter('XDIS16'))).status).toBe(503);
    });
  });

  describe('$as-letter', () => {
    it('a letter that came in goes out with everything that has a place', async () => {
      if (!hasTestdata) return;
      const store = await fixture.open();
      const files = [
        ...testdataFiles('oioxml/lookalike', '.xml'),
        ...testdataFiles('oioxml/letters', '.xml'),
      ];
      for (const file of files.filter((name) => /XDIS|DIS01/.test(name))) {
        // The invented letters share one identifier, which would make the second one a repetition of the first.
        const number = `OVG${/DIS(\d\d)/.exec(file)![1]}`;
        const bytes = Buffer.from(readFileSync(file, 'latin1').replaceAll('OVG000000001', number), 'latin1');
        expect((await receiveLetter(store, bytes)).status).toBe(200);
        const [emessage] = readEmessages(bytes);
        const told = readLetter(emessage!.letters[0]!, emessage!.envelope);
        const exchanges = await all<Communication>(store, 'Communication', [['category', told.type]]);
        const written = new TextEncoder().encode(await asLetter(store, exchanges[0]!.id!));
        const [again] = readEmessages(written);
        const { citizen, sections, ...facts } = readLetter(again!.letters[0]!, again!.envelope);
        const { citizen: toldCitizen, sections: toldSections, ...toldFacts } = told;
        expect(facts).toEqual(toldFacts);
        expect(citizen.cpr).toBe(toldCitizen.cpr);
        if (told.type !== 'XDIS01') expect(sections).toEqual(toldSections);
      }
    });

    it('an exchange that came as plain FHIR becomes a letter that Overgang itself receives', async () => {
      const store = await fixture.open();
      const organisation = (
        id: string,
        identifiers: Organization['identifier'],
        name: string,
      ): Organization & { id: string } => ({
        resourceType: 'Organization',
        id,
        name,
        identifier: identifiers!,
      });
      const stay: Encounter & { id: string } = {
        resourceType: 'Encounter',
        id: 'stay',
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject: { reference: 'Patient/elmer' },
        period: { start: when('02T10') },
        extension: [{ url: EXTENSION.endOfTreatment, valueDateTime: when('05T09') }],
      };
      await store.transaction((transaction) =>
        transaction.write(
          [
            organisation(
              'ward',
              [{ system: 'http://www.gs1.org/gln', value: '5790000209354' }],
              'Hospital, Afdeling',
            ),
            organisation('town', [{ system: 'http://www.gs1.org/gln', value: '5790001348120' }], 'Kommune'),
            {
              resourceType: 'Patient' as const,
              id: 'elmer',
              name: [{ family: 'Elmer', given: ['Bruno'] }],
              identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: ELMER }],
            },
            stay,
            {
              resourceType: 'Communication' as const,
              id: 'notice',
              status: 'completed' as const,
              category: [{ coding: [{ system: CODE_SYSTEM.exchange, code: 'ready-for-discharge' }] }],
              subject: { reference: 'Patient/elmer' },
              encounter: { reference: 'Encounter/stay' },
              sent: when('05T10'),
              sender: { reference: 'Organization/ward' },
              recipient: [{ reference: 'Organization/town' }],
            },
          ].map((resource) => ({ op: 'create' as const, resource })),
        ),
      );
      const written = await asLetter(store, 'notice');
      const [emessage] = readEmessages(new TextEncoder().encode(written));
      const facts = readLetter(emessage!.letters[0]!, emessage!.envelope);
      expect(facts).toMatchObject({ type: 'XDIS19', citizen: { cpr: ELMER } });
      expect([same(facts.endOfTreatment, when('05T09')), same(facts.admission, when('02T10'))]).toEqual([
        true,
        true,
      ]);
      await expect(asLetter(store, 'nothing')).rejects.toMatchObject({ status: 404 });
    });
  });
});
