import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type {
  Binary,
  Bundle,
  Communication,
  DiagnosticReport,
  MessageHeader,
  Observation,
} from '@medplum/fhirtypes';
import { processMessage } from '../../src/medcom/process-message.ts';
import { onStore } from '../support/stores.ts';
import { tell } from './hospital.ts';
import { all, hasTestdata, onlyStay, readBundle, testdataFiles, verdictOf } from './support.ts';

const CARE = testdataFiles('medcom-fhir/carecommunication', '.json');
const HOME = testdataFiles('medcom-fhir/homecareobservation', '.json');
const named = (files: readonly string[], part: string) =>
  readBundle(files.find((file) => file.includes(part))!);
const headerOf = (communication: Communication) => communication.identifier?.[0]?.value;
const byHeader = (communications: readonly Communication[], message: Bundle) =>
  communications.find((each) => headerOf(each) === (message.entry![0]!.resource as MessageHeader).id)!;

onStore('PostgreSQL', (fixture) => {
  (hasTestdata ? describe : describe.skip)('the published care communications', () => {
    it('all go through, each a Communication with its category and text', async () => {
      const store = await fixture.open();
      const headers = new Set<string>();
      for (const file of CARE) {
        const message = readBundle(file);
        expect([basename(file), verdictOf(await processMessage(store, message))]).toEqual([
          basename(file),
          { code: 'ok', details: [] },
        ]);
        headers.add(message.entry![0]!.resource!.id!);
      }
      const communications = await all<Communication>(store, 'Communication');
      expect(new Set(communications.map(headerOf))).toEqual(headers);
      for (const communication of communications) {
        expect(communication.category?.[0]?.coding?.[0]?.system).toMatch(/careCommunication-categoryCodes$/);
        expect(communication.payload?.some((payload) => payload.contentString)).toBe(true);
      }
    });

    it('a thread is tied together in any order of arrival, its attachments stored once', async () => {
      const store = await fixture.open();
      const [first, reply, second] = ['add5e7e2', 'b56549f7', '3dcb5618'].map((part) => named(CARE, part));
      for (const message of [second!, first!, reply!]) await processMessage(store, message);
      const communications = await all<Communication>(store, 'Communication');
      const answered = (message: Bundle) => byHeader(communications, message).inResponseTo?.[0]?.reference;
      expect(answered(reply!)).toBe(`Communication/${byHeader(communications, first!).id}`);
      expect(answered(second!)).toBe(`Communication/${byHeader(communications, reply!).id}`);
      const binaries = await all<Binary>(store, 'Binary');
      expect(binaries).toHaveLength(1);
      const attached = communications
        .flatMap((each) => each.payload ?? [])
        .filter((payload) => payload.contentAttachment);
      expect(new Set(attached.map((payload) => payload.contentAttachment?.url))).toEqual(
        new Set([`Binary/${binaries[0]!.id}`]),
      );
    });

    it('a retracted message is entered in error, whichever comes first', async () => {
      for (const order of [
        ['add5e7e2', 'ed3e05b2'],
        ['ed3e05b2', 'add5e7e2'],
      ]) {
        const store = await fixture.open();
        for (const part of order) await processMessage(store, named(CARE, part));
        const communications = await all<Communication>(store, 'Communication');
        expect(byHeader(communications, named(CARE, 'add5e7e2')).status).toBe('entered-in-error');
      }
    });

    it('an episode identifier ties a message to its stay', async () => {
      const store = await fixture.open();
      const message = named(CARE, 'k7bfbc0c');
      const patient = message
        .entry!.map((entry) => entry.resource)
        .find((each) => each?.resourceType === 'Patient')!;
      const cpr = (patient as { identifier: { value: string }[] }).identifier[0]!.value;
      await processMessage(
        store,
        tell('admit-inpatient', {
          citizen: { cpr },
          episodes: [
            {
              system: 'https://sor2.sum.dsdn.dk/#id=265161000016000',
              value: 'urn:uuid:FC60E762-b13b-5773-865e-67f3907bdcc7',
            },
          ],
        }),
      );
      await processMessage(store, message);
      const [communication] = await all<Communication>(store, 'Communication');
      expect(communication!.encounter?.reference).toBe(`Encounter/${(await onlyStay(store)).id}`);
    });
  });

  (hasTestdata ? describe : describe.skip)('the published home care observations', () => {
    it('all go through, each measurement an Observation of the citizen', async () => {
      const store = await fixture.open();
      let measurements = 0;
      for (const file of HOME) {
        const message = readBundle(file);
        expect([basename(file), verdictOf(await processMessage(store, message))]).toEqual([
          basename(file),
          { code: 'ok', details: [] },
        ]);
        measurements += message.entry!.filter(
          (entry) => entry.resource?.resourceType === 'Observation',
        ).length;
      }
      const observations = await all<Observation>(store, 'Observation');
      expect(observations).toHaveLength(measurements);
      expect(observations.every((each) => each.subject?.reference?.startsWith('Patient/'))).toBe(true);
    });

    it('a retraction enters the measurements in error, whichever comes first', async () => {
      for (const order of [
        ['401cbc36', '5f341feb'],
        ['5f341feb', '401cbc36'],
      ]) {
        const store = await fixture.open();
        for (const part of order) await processMessage(store, named(HOME, part));
        const statuses = (await all<DiagnosticReport>(store, 'DiagnosticReport')).map((each) => each.status);
        expect(statuses).toEqual(['entered-in-error', 'entered-in-error']);
        const observations = await all<Observation>(store, 'Observation');
        expect(new Set(observations.map((each) => each.status))).toEqual(new Set(['entered-in-error']));
      }
    });
  });
});
