import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Bundle,
  Encounter,
  MessageHeader,
  OperationOutcome,
  Patient,
  Resource,
} from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Reader } from '../../src/store/store.ts';

const TESTDATA = join(import.meta.dirname, '../../../shared/testdata');

/** Published messages and letters lie beside the checkout; a machine without them says so. */
export const hasTestdata = existsSync(TESTDATA);
if (!hasTestdata) console.warn(`No published test data at ${TESTDATA}: the tests on it are skipped.`);

export function testdataFiles(folder: string, extension: string): readonly string[] {
  const path = join(TESTDATA, folder);
  if (!hasTestdata) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(extension))
    .map((name) => join(path, name));
}

export function readBundle(path: string): Bundle {
  return JSON.parse(readFileSync(path, 'utf8')) as Bundle;
}

export async function all<T extends Resource>(
  reader: Reader,
  type: T['resourceType'],
  parameters: readonly (readonly [string, string])[] = [],
): Promise<readonly T[]> {
  const page = await reader.search(parseSearch(type, [...parameters, ['_count', '1000']]));
  return page.matches.map((match) => JSON.parse(match.content) as T);
}

export async function onlyStay(reader: Reader): Promise<Encounter> {
  const stays = (await all<Encounter>(reader, 'Encounter')).filter(
    (stay) => stay.status !== 'entered-in-error',
  );
  if (stays.length !== 1) throw new Error(`Expected one stay, found ${stays.length}`);
  return stays[0]!;
}

export async function onlyPatient(reader: Reader): Promise<Patient> {
  const patients = await all<Patient>(reader, 'Patient');
  if (patients.length !== 1) throw new Error(`Expected one patient, found ${patients.length}`);
  return patients[0]!;
}

/** The response code of an Acknowledgement and the detail codes of its issues. */
export function verdictOf(acknowledgement: Bundle | undefined): {
  code: string | undefined;
  details: (string | undefined)[];
} {
  const resources = (acknowledgement?.entry ?? []).map((entry) => entry.resource);
  const header = resources.find((each): each is MessageHeader => each?.resourceType === 'MessageHeader');
  const outcome = resources.find(
    (each): each is OperationOutcome => each?.resourceType === 'OperationOutcome',
  );
  return {
    code: header?.response?.code,
    details: (outcome?.issue ?? []).map((issue) => issue.details?.coding?.[0]?.code),
  };
}
