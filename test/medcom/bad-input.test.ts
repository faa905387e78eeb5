import { describe, expect, it } from '@jest/globals';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { FhirError } from '../../src/fhir/outcome.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { ELMER, tell } from './hospital.ts';
import { letter } from './letters-of-elmer.ts';
import { when } from './stay-scenario.ts';
import { verdictOf } from './support.ts';

const PLAIN = letter('XDIS18', { admission: when('02T10'), discharge: when('07T11') });
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding);
const swap = (from: string | RegExp, to: string) => bytes(PLAIN.replace(from, to));

/** What is wrong, the letter, the status, RefuseCode and what the reason names. */
const LETTERS: readonly (readonly [string, Buffer, number, string, string])[] = [
  [
    'an entity bomb',
    bytes('<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]><Emessage>&c;</Emessage>'),
    400,
    'syntaksfejl',
    'DOCTYPE',
  ],
  [
    'an external entity',
    bytes('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Emessage>&x;</Emessage>'),
    400,
    'syntaksfejl',
    'DOCTYPE',
  ],
  [
    'bytes that are not in the declared encoding',
    bytes(PLAIN.replace('forværring', 'forv\u00e6rring'), 'latin1'),
    400,
    'syntaksfejl',
    'utf-8',
  ],
  ['an unknown encoding', swap('encoding="UTF-8"', 'encoding="EBCDIC"'), 400, 'syntaksfejl', 'ebcdic'],
  ['truncated XML', bytes(PLAIN.slice(0, 900)), 400, 'syntaksfejl', 'XML'],
  [
    'no citizen',
    swap(/<CivilRegistrationNumber>.*<\/CivilRegistrationNumber>/, ''),
    422,
    'syntaksfejl',
    'Patient/CivilRegistrationNumber',
  ],
  [
    'no letter identifier',
    swap(/(<Letter>)<Identifier>[^<]*<\/Identifier>/, '$1'),
    422,
    'syntaksfejl',
    'Letter/Identifier',
  ],
  ['an unknown version', swap('XD1830C', 'XD9930C'), 422, 'problem_med_version', 'XD9930C'],
  [
    'an unknown kind of letter',
    bytes(PLAIN.replaceAll('ReportOfDischarge', 'ReportOfWeather')),
    422,
    'problem_med_version',
    'ReportOfWeather',
  ],
  [
    'a date that does not exist',
    swap(/(<Discharge><Date>)[^<]*/, '$12026-02-30'),
    422,
    'syntaksfejl',
    '2026-02-30',
  ],
  [
    'a CPR number for the letter identifier',
    swap(/(<Letter><Identifier>)[^<]*/, `$1${ELMER}`),
    422,
    'syntaksfejl',
    'Letter/Identifier',
  ],
  [
    'a CPR number for the envelope',
    swap(/(<\/Sent><Identifier>)[^<]*/, `$1${ELMER}`),
    422,
    'syntaksfejl',
    'Envelope/Identifier',
  ],
  [
    'a CPR number for the episode',
    swap(/(<EpisodeOfCareIdentifier>)[^<]*/, `$1${ELMER}`),
    422,
    'syntaksfejl',
    'EpisodeOfCareIdentifier',
  ],
  [
    'a CPR number for a location number',
    swap(/(<Sender><EANIdentifier>)[^<]*/, `$1${ELMER}`),
    422,
    'syntaksfejl',
    'Sender/EANIdentifier',
  ],
  [
    'a receiver that cannot be',
    swap(/(<Receiver><EANIdentifier>)[^<]*/, '$1579'),
    422,
    'ukendt_lokationsnummer',
    'Receiver/EANIdentifier',
  ],
];

/** A change to an admission message, and the place that the answer names. */
const MESSAGES: readonly (readonly [string, (message: Bundle) => void, string])[] = [
  ['a CPR number for an episode', (m) => setEpisode(m, ELMER), 'Encounter.episodeOfCare.identifier.value'],
  [
    'a CPR number for an organisation',
    (m) => {
      for (const { resource } of m.entry!)
        if (resource?.resourceType === 'Organization') resource.identifier![0]!.value = ELMER;
    },
    'Organization.identifier.value',
  ],
  [
    'a CPR number for the transmission',
    (m) => {
      m.id = `${ELMER}-1`;
    },
    'Bundle.id',
  ],
  [
    'a date that does not exist',
    (m) => {
      for (const { resource } of m.entry!)
        if (resource?.resourceType === 'Encounter') resource.period = { start: '2026-02-30T10:00:00Z' };
    },
    'Bundle.entry[2].resource.period.start',
  ],
];

function setEpisode(message: Bundle, value: string): void {
  for (const { resource } of message.entry!)
    if (resource?.resourceType === 'Encounter') resource.episodeOfCare![0]!.identifier!.value = value;
}

async function resources(store: Store): Promise<number> {
  const [counted] = await sqlOf(store).query<{ n: number }>('SELECT count(*)::int AS n FROM resource');
  return counted!.n;
}

onStore('PostgreSQL', (fixture) => {
  describe('bad input', () => {
    it('a letter is refused with the right code and the place, and only the receipt is kept', async () => {
      const store = await fixture.open();
      for (const [fault, body, status, code, place] of LETTERS) {
        const answer = await receiveLetter(store, body);
        const told = /<RefuseCode>(.*)<\/RefuseCode><RefuseText>(.*)<\/RefuseText>/s.exec(answer.body);
        expect([fault, answer.status, told?.[1]]).toEqual([fault, status, code]);
        expect(told![2]).toContain(place);
        expect(answer.body).not.toContain(ELMER);
      }
      expect(await resources(store)).toBe(0);
      const receipts = await sqlOf(store).query<{ outcome: string }>('SELECT * FROM medcom_receipt');
      expect(receipts.map(({ outcome }) => outcome)).toEqual(LETTERS.map(() => 'fatal-error'));
      expect(JSON.stringify(receipts)).not.toContain(ELMER);
      // The letter itself is a good one.
      expect((await receiveLetter(store, PLAIN)).status).toBe(200);
    });

    it('a message is answered fatal-error with the place, and only the receipt is kept', async () => {
      const store = await fixture.open();
      for (const [fault, spoil, place] of MESSAGES) {
        const message: Bundle = structuredClone(tell('admit-inpatient'));
        spoil(message);
        const answer = await processMessage(store, message);
        const outcome = answer!.entry!.find(({ resource }) => resource?.resourceType === 'OperationOutcome');
        const issues = (outcome!.resource as OperationOutcome).issue;
        expect([fault, verdictOf(answer).code, issues[0]!.expression?.[0]]).toEqual([
          fault,
          'fatal-error',
          place,
        ]);
        expect(JSON.stringify(issues)).not.toContain(ELMER);
      }
      expect(await resources(store)).toBe(0);
      await expect(processMessage(store, { resourceType: 'Bundle', type: 'batch' })).rejects.toBeInstanceOf(
        FhirError,
      );
    });
  });
});
