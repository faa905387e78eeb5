import { describe, expect, it } from '@jest/globals';
import type { AuditEvent, Communication, Organization } from '@medplum/fhirtypes';
import { readEmessages } from '../../src/medcom/letter/read-emessage.ts';
import { readLetter } from '../../src/medcom/letter/read-letter.ts';
import { negativeReceipt, positiveReceipt, type ReceiptSubject } from '../../src/medcom/letter/receipts.ts';
import { sendDue, type Transmission } from '../../src/medcom/outgoing/send-due.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { EPISODE, HOSPITAL, MUNICIPALITY } from './hospital.ts';
import { letter } from './letters-of-elmer.ts';
import {
  communication,
  endpoint,
  letterBox,
  ofExchange,
  parties,
  put,
  receiver,
  rows,
  send,
  states,
} from './outgoing-support.ts';
import { when } from './stay-scenario.ts';
import { all } from './support.ts';

const readSent = ({ body }: Transmission) => {
  const [emessage] = readEmessages(Buffer.from(body));
  return readLetter(emessage!.letters[0]!, emessage!.envelope);
};
const subjectOf = (sent: Transmission): ReceiptSubject => {
  const { identifier, envelope, version, sender, receiver: to } = readSent(sent);
  return { letter: identifier, envelope, version, sender: sender.gln!, receiver: to.gln! };
};
const report = (id: string) =>
  communication(id, {
    ...ofExchange('admission-report'),
    payload: [
      {
        extension: [
          { url: 'https://overgang.dk/fhir/StructureDefinition/exchange-section', valueCode: 'relatives' },
        ],
        contentString: 'Datter, 38 68 38 68',
      },
    ],
  });

/** A discharge report received as a letter in windows-1252, and its Communication. */
async function receivedReport(store: Store): Promise<{ id: string; original: Buffer }> {
  const text = letter('XDIS18', { sections: [{ code: 'cause', text: 'Åndenød' }] });
  const original = Buffer.from(text.replace('encoding="UTF-8"', 'encoding="windows-1252"'), 'latin1');
  expect((await receiveLetter(store, original)).status).toBe(200);
  const [stored] = await all<Communication>(store, 'Communication', [['category', 'discharge-report']]);
  const [to] = await all<Organization>(store, 'Organization', [['identifier', MUNICIPALITY.gln]]);
  await put(store, letterBox('post', 'XDIS18', 'XDIS16'));
  await store.transaction((transaction) =>
    transaction.write([
      { op: 'update', resource: { ...to!, id: to!.id!, endpoint: [{ reference: 'Endpoint/post' }] } },
    ]),
  );
  return { id: stored!.id!, original };
}

onStore('PostgreSQL', (fixture) => {
  describe('outgoing letters', () => {
    it('an exchange that came as a letter is passed on byte for byte, again and again until it is receipted', async () => {
      const store = await fixture.open();
      const { id, original } = await receivedReport(store);
      const [queued] = await send(store, id);
      expect(queued).toMatchObject({ kind: 'letter', state: 'waiting' });
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      await sendDue(store, { post, now: () => when('04T10:30') });
      expect(got.map(({ endpoint: to, contentType }) => [to, contentType])).toEqual([
        ['https://post.example/medcom', 'application/xml'],
        ['https://post.example/medcom', 'application/xml'],
      ]);
      expect(got.every(({ body }) => original.equals(Buffer.from(body)))).toBe(true);
      expect(await states(store)).toEqual(['awaiting']);
      const receipt = positiveReceipt(subjectOf(got[0]!), when('04T10:31'));
      expect(await receiveLetter(store, receipt)).toMatchObject({ status: 204, body: '' });
      expect(await states(store)).toEqual(['acknowledged']);
      await sendDue(store, { post, now: () => when('04T11') });
      expect(got).toHaveLength(2);
    });

    it('plain FHIR goes as its letter, with the identifier the hospital gave the stay, to whom the hospital asked', async () => {
      const store = await fixture.open();
      await parties(store, letterBox('ward', 'XDIS16'), endpoint('messages'));
      const stay = JSON.parse((await store.read('Encounter', 'stay'))!.content) as object;
      const { recipient: _none, ...asked } = report('asked');
      await put(store, asked);
      await store.transaction((transaction) =>
        transaction.write([
          {
            op: 'update',
            resource: {
              ...stay,
              resourceType: 'Encounter',
              id: 'stay',
              extension: [
                {
                  url: 'http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/medcom-messaging-reportOfAdmissionRecipientExtension',
                  valueReference: { reference: 'Organization/hospital' },
                },
              ],
            } as never,
          },
        ]),
      );
      await send(store, 'asked');
      const { post, got } = receiver((sent) => positiveReceipt(subjectOf(sent), when('04T10')));
      await sendDue(store, { post, now: () => when('04T10') });
      expect(await states(store)).toEqual(['acknowledged']);
      expect(readSent(got[0]!)).toMatchObject({
        type: 'XDIS16',
        episode: EPISODE.value.replaceAll('-', ''),
        sender: { gln: MUNICIPALITY.gln },
        receiver: { gln: HOSPITAL.gln },
        sections: [{ code: 'relatives' }],
      });
    });

    it('to a receiver of FHIR messages only it goes as a message, and arrives there as the exchange it is', async () => {
      const store = await fixture.open();
      await parties(store, endpoint('ward', { payloadMimeType: ['application/fhir+xml'] }));
      await put(store, report('report'));
      expect(await send(store, 'report')).toMatchObject([{ kind: 'message' }]);
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      expect(got[0]!.contentType).toBe('application/fhir+xml');
      const there = await fixture.open();
      const { fromXml } = await import('../../src/fhir/xml.ts');
      await processMessage(there, fromXml(got[0]!.body as string));
      const [stored] = await all<Communication>(there, 'Communication', [['category', 'admission-report']]);
      expect(stored!.payload![0]!.contentString).toBe('Pårørende\nDatter, 38 68 38 68');
    });

    it('a refusal by the receiver (XCTL02) or the network (XCTL01) ends it, with the reason in the AuditEvent', async () => {
      const store = await fixture.open();
      await parties(store, letterBox('ward', 'XDIS16'));
      await put(store, report('one'), report('two'));
      await send(store, 'one');
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      await send(store, 'two');
      await sendDue(store, { post, now: () => when('04T10') });
      const refused = negativeReceipt(
        subjectOf(got[0]!),
        when('04T11'),
        'problem_med_version',
        'Kan ikke læse borger 2509479989',
      );
      // The network speaks of the whole envelope, and in its own name.
      const undelivered = negativeReceipt(
        subjectOf(got[1]!),
        when('04T11'),
        'ukendt_lokationsnummer',
        'Ukendt',
      )
        .replaceAll('NegativeReceipt', 'NegativeVansReceipt')
        .replace(/<OriginalLetter>.*<\/OriginalLetter>/s, '');
      for (const receipt of [refused, undelivered, refused]) {
        expect((await receiveLetter(store, receipt)).status).toBe(204);
      }
      expect((await rows(store)).map((row) => [row.state, row.last_error]).sort()).toEqual([
        ['in-error', 'XCTL01'],
        ['in-error', 'XCTL02 problem_med_version: Kan ikke læse borger **********'],
      ]);
      const refusals = await all<AuditEvent>(store, 'AuditEvent', [['subtype', 'in-error']]);
      expect(refusals).toHaveLength(2);
      // The receiver's word holds.
      await receiveLetter(store, positiveReceipt(subjectOf(got[0]!), when('04T12')));
      expect(await states(store)).toEqual(['in-error', 'in-error']);
    });

    it('a receipt of what Overgang never sent changes nothing; one that says nothing is refused without a receipt', async () => {
      const store = await fixture.open();
      const receipt = positiveReceipt(
        { letter: 'X', envelope: 'X', version: 'XD1630C', sender: '1', receiver: '2' },
        when('04T10'),
      );
      expect(await receiveLetter(store, receipt, { accept: 'json' })).toMatchObject({ status: 200 });
      const broken = receipt.replace(/<OriginalSender>.*<\/OriginalSender>/, '');
      expect(await receiveLetter(store, broken)).toMatchObject({
        status: 422,
        contentType: 'text/plain; charset=utf-8',
        body: expect.stringContaining('OriginalSender'),
      });
      const kept = await sqlOf(store).query('SELECT kind, outcome FROM medcom_receipt ORDER BY outcome');
      expect(kept).toEqual([
        { kind: 'letter', outcome: 'fatal-error' },
        { kind: 'XCTL03', outcome: 'ok' },
      ]);
    });

    it('a letter whose sender asks for no positive receipt is sent once; only a refusal changes that', async () => {
      const store = await fixture.open();
      const text = letter('XDIS18').replace('pluspositivkvitt', 'minuspositivkvitt');
      await receiveLetter(store, text);
      const [stored] = await all<Communication>(store, 'Communication');
      const [to] = await all<Organization>(store, 'Organization', [['identifier', MUNICIPALITY.gln]]);
      await put(store, letterBox('post', 'XDIS18'));
      await store.transaction((transaction) =>
        transaction.write([
          { op: 'update', resource: { ...to!, id: to!.id!, endpoint: [{ reference: 'Endpoint/post' }] } },
        ]),
      );
      await send(store, stored!.id!);
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      await sendDue(store, { post, now: () => when('05T10') });
      expect([got.length, await states(store)]).toEqual([1, ['sent']]);
      await receiveLetter(store, negativeReceipt(subjectOf(got[0]!), when('05T11'), 'syntaksfejl', 'Nej'));
      expect(await states(store)).toEqual(['in-error']);
    });

    it('of an envelope with several letters only the one that is sent goes out', async () => {
      const store = await fixture.open();
      const [one, two] = [letter('XDIS16', { envelope: 'E' }), letter('XDIS16', { envelope: 'E' })];
      const second = /<ReportOfAdmission>.*<\/ReportOfAdmission>/s.exec(two)![0];
      await receiveLetter(store, one.replace('</Emessage>', `${second}</Emessage>`));
      const [stored] = await all<Communication>(store, 'Communication');
      const [to] = await all<Organization>(store, 'Organization', [['identifier', HOSPITAL.gln]]);
      await put(store, letterBox('post', 'XDIS16'));
      await store.transaction((transaction) =>
        transaction.write([
          { op: 'update', resource: { ...to!, id: to!.id!, endpoint: [{ reference: 'Endpoint/post' }] } },
        ]),
      );
      await send(store, stored!.id!);
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      expect(readEmessages(Buffer.from(got[0]!.body)).flatMap((each) => each.letters)).toHaveLength(1);
    });
  });
});
