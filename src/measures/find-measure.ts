import type { Measure } from '@medplum/fhirtypes';
import { gone, notFound } from '../fhir/outcome.ts';
import type { Reader } from '../store/store.ts';
import { pages } from './pages.ts';

/** A Measure as it is stored. */
export interface StoredMeasure {
  readonly measure: Measure & { id: string };
}

/** The Measure with that id. @throws FhirError 404, 410 */
export async function measureById(reader: Reader, id: string): Promise<StoredMeasure> {
  const found = await reader.read('Measure', id);
  if (found === undefined) throw notFound('There is no Measure with this id', 'Parameters.measure');
  if (found.deleted) throw gone('This Measure was deleted');
  return { measure: JSON.parse(found.content) as StoredMeasure['measure'] };
}

/**
 * The Measure that a text names: `Measure/[id]`, an id, or a canonical `url`, `url|version`. Without a version, the
 * active one of the highest version.
 * @throws FhirError 404
 */
export async function measureByReference(reader: Reader, reference: string): Promise<StoredMeasure> {
  const id = /^(?:Measure\/)?([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
  if (id !== undefined) return measureById(reader, id);
  const [url = '', version] = reference.split('|');
  const found: StoredMeasure[] = [];
  const parameters = [
    ['url', url.replaceAll(/[\\,$|]/g, '\\$&')],
    ...(version === undefined ? [] : [['version', version.replaceAll(/[\\,$|]/g, '\\$&')]]),
  ];
  for await (const page of pages<Measure>(reader, 'Measure', parameters as [string, string][])) {
    for (const measure of page) {
      found.push({
        measure: measure as StoredMeasure['measure'],
      });
    }
  }
  const best = found.sort(newestFirst)[0];
  if (best === undefined) {
    throw notFound(
      'There is no such Measure here; GET [base]/Measure lists those that are',
      'Parameters.measure',
    );
  }
  return best;
}

function newestFirst({ measure: one }: StoredMeasure, { measure: other }: StoredMeasure): number {
  const active = Number(other.status === 'active') - Number(one.status === 'active');
  return active || (other.version ?? '').localeCompare(one.version ?? '', 'en', { numeric: true });
}
