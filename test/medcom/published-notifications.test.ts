import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, Encounter, Organization, Patient, Provenance } from '@medplum/fhirtypes';
import { fromXml, toXml } from '../../src/fhir/xml.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { onEveryStore } from '../support/stores.ts';
import { all, hasTestdata, onlyPatient, onlyStay, readBundle, testdataFiles, verdictOf } from './support.ts';

const FOLDER = 'medcom-fhir/hospitalnotification';

onEveryStore((fixture) => {
  (hasTestdata ? describe : describe.skip)('the published HospitalNotification examples', () => {
    // A fresh PGlite takes seconds: three kinds of message there, all of them on PostgreSQL.
    const json = testdataFiles(FOLDER, '.json');
    const files =
      fixture.kind === 'PGlite'
        ? json.filter((file) => /a5e5b880|e94de8ee|ld31e08a/.test(file))
        : [...json, ...testdataFiles(FOLDER, '.xml')];
    for (const file of files) {
      it(`${basename(file)} is followed as it says and acknowledged ok`, async () => {
        const store = await fixture.open();
        const message = file.endsWith('.xml')
          ? (fromXml(readFileSync(file, 'utf8')) as Bundle)
          : readBundle(file);
        const acknowledgement = await processMessage(store, message);
        expect(verdictOf(acknowledgement)).toEqual({ code: 'ok', details: [] });

        const resources = message.entry!.map((entry) => entry.resource!);
        const told = resources.find((each): each is Encounter => each.resourceType === 'Encounter')!;
        const [stay] = await all<Encounter>(store, 'Encounter');
        expect(stay!.status).toBe(told.status);
        expect(stay!.class.code).toBe(told.class.code);
        expect(stay!.period).toEqual(told.period);
        for (const episode of told.episodeOfCare!) {
          expect(stay!.identifier).toContainEqual(episode.identifier);
        }
        const provider = (await all<Organization>(store, 'Organization')).find(
          (each) => `Organization/${each.id}` === stay!.serviceProvider?.reference,
        );
        const toldProvider = resources.find(
          (each): each is Organization =>
            each.resourceType === 'Organization' &&
            `Organization/${each.id}` === told.serviceProvider?.reference,
        )!;
        expect(provider?.name).toBe(toldProvider.name);
        const sor = (organization: Organization | undefined) =>
          organization?.identifier?.find((each) => each.system === 'urn:oid:1.2.208.176.1.1')?.value;
        expect(sor(provider)).toBe(sor(toldProvider));

        const toldPatient = resources.find((each): each is Patient => each.resourceType === 'Patient')!;
        const patient = await onlyPatient(store);
        expect(patient.deceasedBoolean).toBe(toldPatient.deceasedBoolean);
        const died = stay!.hospitalization?.dischargeDisposition?.coding?.[0]?.code === 'exp';
        expect(died).toBe(toldPatient.deceasedBoolean === true);
        expect(await all<Provenance>(store, 'Provenance')).toHaveLength(1);
      });
    }

    it('the acknowledgement is itself a valid message that can go out as XML', async () => {
      const store = await fixture.open();
      const acknowledgement = (await processMessage(store, readBundle(testdataFiles(FOLDER, '.json')[0]!)))!;
      expect(fromXml(toXml(acknowledgement))).toEqual(acknowledgement);
    });

    it('told one after the other as one course, they end in the state of the last event', async () => {
      const store = await fixture.open();
      const files = testdataFiles(FOLDER, '.json').filter((file) =>
        /d3128d9b|e94de8ee|f4aa42a4|a5e5b880/.test(file),
      );
      for (const file of files) await processMessage(store, readBundle(file));
      const stay = await onlyStay(store);
      expect(stay.status).toBe('finished');
      expect(stay.period).toEqual({ start: '2022-12-07T12:00:00+02:00', end: '2022-12-18T09:45:30+02:00' });
    });
  });
});
