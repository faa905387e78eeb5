import type { Measure } from '@medplum/fhirtypes';
import { gone, notFound } from '../fhir/outcome.ts';
import type { Reader, ResourceVersion } from '../store/store.ts';
import { measureVersions } from '../store/verdicts/measures.ts';
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
  return parsed(found);
}

/** Parsed contents: a Measure is long, asked for often, and seldom changed. Nobody changes what was parsed. */
const contents = new Map<string, StoredMeasure>();
const CONTENTS_KEPT = 200;

function parsed({ content }: ResourceVersion): StoredMeasure {
  let known = contents.get(content);
  if (known === undefined) {
    if (contents.size >= CONTENTS_KEPT) contents.clear();
    known = { measure: JSON.parse(content) as StoredMeasure['measure'] };
    contents.set(content, known);
  }
  return known;
}

/** How a request names a Measure: by id, or by what {@link measureByReference} takes. */
export type MeasureName = { readonly id: string } | { readonly reference: string };

/** The Measures of those names, in their order. @throws FhirError 404, 410 */
export async function measuresByName(
  reader: Reader,
  names: readonly MeasureName[],
): Promise<StoredMeasure[]> {
  const ids = names.map((name) => ('id' in name ? name.id : idIn(name.reference)));
  const found = await unchangedMeasures(reader, [...new Set(ids.filter((id) => id !== undefined))]);
  const measures: StoredMeasure[] = [];
  for (const [index, name] of names.entries()) {
    const known = found.get(ids[index] ?? '');
    if (known !== undefined) measures.push(known);
    else if ('id' in name) measures.push(await measureById(reader, name.id));
    else measures.push(await measureByReference(reader, name.reference));
  }
  return measures;
}

/** Measures as a reader last read them, by id: of those that are asked for, mostly only the version need be asked. */
const lastRead = new WeakMap<Reader, Map<string, StoredMeasure>>();

/** Those Measures that are there. */
async function unchangedMeasures(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredMeasure>> {
  const before = lastRead.get(reader);
  if (ids.length < 2) return new Map();
  if (before !== undefined && ids.every((id) => before.has(id))) {
    const versions = await measureVersions(reader, ids);
    if (ids.every((id) => String(versions.get(id)) === before.get(id)?.measure.meta?.versionId))
      return before;
  }
  const versions = await reader.readMany(ids.map((id) => ({ type: 'Measure', id })));
  const found = new Map(
    ids.flatMap((id) => {
      const version = versions.get(`Measure/${id}`);
      return version === undefined ? [] : [[id, parsed(version)] as const];
    }),
  );
  lastRead.set(reader, found);
  return found;
}

function idIn(reference: string): string | undefined {
  return /^(?:Measure\/)?([A-Za-z0-9\-.]{1,64})$/.exec(reference)?.[1];
}

/**
 * The Measure that a text names: `Measure/[id]`, an id, or a canonical `url`, `url|version`. Without a version, the
 * active one of the highest version.
 * @throws FhirError 404
 */
export async function measureByReference(reader: Reader, reference: string): Promise<StoredMeasure> {
  const id = idIn(reference);
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
