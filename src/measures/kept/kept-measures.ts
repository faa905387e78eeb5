import type { Measure } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import { FhirError } from '../../fhir/outcome.ts';
import { digestOf } from '../../store/keys.ts';
import type { Reader, StoreTransaction } from '../../store/store.ts';
import { place } from '../../store/verdicts/layout.ts';
import {
  forgetMeasure,
  type KeptMeasure,
  keepMeasure,
  keptMeasures,
  measuresIfFresh,
  measureVersions,
  noteVersion,
} from '../../store/verdicts/measures.ts';
import { compiledOf } from '../compile/compiled-cache.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import { pages } from '../pages.ts';

/** A Measure whose verdicts are kept, ready to be evaluated. */
export interface Kept {
  readonly compiled: CompiledMeasure;
  readonly kept: KeptMeasure;
}

/** Raised when the same facts give other verdicts than before: then all are made anew. */
const ENGINE = 2;

const REGISTRY_LOCK = 'measures/registry';

/** The Measures whose verdicts are kept of all stays; undefined as {@link registeredMeasures}. */
export async function currentlyKept(
  reader: Reader,
  calendar: Calendar,
): Promise<readonly Kept[] | undefined> {
  return (await registeredMeasures(reader, calendar))?.filter(({ kept }) => kept.state === 'kept');
}

/**
 * The Measures that are kept, are being filled, or were ended; undefined when the stored ones have changed since and
 * must be registered first.
 */
export async function registeredMeasures(
  reader: Reader,
  calendar: Calendar,
): Promise<readonly Kept[] | undefined> {
  const kept = await keptMeasures(reader);
  const versions = await measureVersions(
    reader,
    kept.map(({ id }) => id),
  );
  if (kept.some(({ id, version }) => versions.get(id) !== version)) return undefined;
  return withReadings(reader, kept, calendar);
}

/** The ids of the Measures that were last found to be kept. */
const lastKept = new WeakMap<Reader, readonly string[]>();

/**
 * The same as {@link registeredMeasures}, and whether any verdict could not be made, when nothing has changed since,
 * neither Measures nor facts; else undefined.
 */
export async function measuresIfUnchanged(
  reader: Reader,
  calendar: Calendar,
): Promise<{ readonly all: readonly Kept[]; readonly failures: boolean } | undefined> {
  const ids = lastKept.get(reader);
  const fresh = ids === undefined ? undefined : await measuresIfFresh(reader, ids);
  if (fresh === undefined || fresh.measures.some(({ state }) => state === 'filling')) return undefined;
  const all = await withReadings(reader, fresh.measures, calendar);
  return all === undefined ? undefined : { all, failures: fresh.failures };
}

/** @returns undefined when a Measure is not what is kept of it */
async function withReadings(
  reader: Reader,
  kept: readonly KeptMeasure[],
  calendar: Calendar,
): Promise<readonly Kept[] | undefined> {
  const known = readingsOf(calendar);
  const unread = kept.filter(({ digest }) => !known.has(digest));
  if (unread.length > 0) {
    const contents = await reader.readMany(unread.map(({ id }) => ({ type: 'Measure', id })));
    for (const { id, digest } of unread) {
      const content = contents.get(`Measure/${id}`)?.content;
      if (content === undefined) return undefined;
      const measure = JSON.parse(content) as Measure & { id: string };
      const compiled = compiledOf({ measure }, calendar);
      if (compiled.kind !== 'stay' || digestFor(measure, calendar) !== digest) return undefined;
      known.set(digest, compiled.measure);
    }
  }
  lastKept.set(
    reader,
    kept.map(({ id }) => id),
  );
  return kept.flatMap((one) => {
    const compiled = known.get(one.digest);
    return compiled === undefined ? [] : [{ compiled, kept: one }];
  });
}

/** Measures read before, by their digests: every report asks for them, and reading them takes longer than counting. */
const readings = new WeakMap<Calendar, Map<string, CompiledMeasure>>();
const READINGS_KEPT = 200;

function readingsOf(calendar: Calendar): Map<string, CompiledMeasure> {
  let known = readings.get(calendar);
  if (known === undefined) {
    known = new Map();
    readings.set(calendar, known);
  }
  if (known.size > READINGS_KEPT) known.clear();
  return known;
}

/**
 * Registers the stored Measures that can be kept and forgets those that are gone. A new or changed one is filled from
 * the first stay on (fill.ts): not here, because whoever stores a Measure does not wait for a million stays.
 */
export async function registerMeasures(transaction: StoreTransaction, calendar: Calendar): Promise<void> {
  await transaction.lock([REGISTRY_LOCK]);
  const before = new Map((await keptMeasures(transaction)).map((kept) => [kept.id, kept]));
  const stored = await keepable(transaction, calendar);
  const layouts = new Map(
    [...before]
      .filter(([id]) => stored.some(({ measure }) => measure.id === id))
      .map(([id, kept]) => [id, kept.layout]),
  );
  for (const { measure, compiled } of stored) {
    const version = Number(measure.meta?.versionId ?? 1);
    const digest = digestFor(measure, calendar);
    const known = before.get(measure.id);
    before.delete(measure.id);
    if (known?.digest === digest && known.version === version) continue;
    if (known?.digest === digest) {
      await noteVersion(transaction, measure.id, version);
      continue;
    }
    layouts.delete(measure.id);
    const layout = place(signaturesOf(compiled), [...layouts.values()]);
    if (layout === undefined) {
      await forgetMeasure(transaction, measure.id);
      continue;
    }
    layouts.set(measure.id, layout);
    await keepMeasure(transaction, { id: measure.id, version, digest, layout });
  }
  for (const id of before.keys()) await forgetMeasure(transaction, id);
}

interface Keepable {
  readonly measure: Measure & { id: string };
  readonly compiled: CompiledMeasure;
}

async function keepable(reader: Reader, calendar: Calendar): Promise<Keepable[]> {
  const found: Keepable[] = [];
  for await (const page of pages<Measure>(reader, 'Measure', [])) {
    for (const one of page) {
      const measure = one as Measure & { id: string };
      const compiled = compiledIfRight(measure, calendar);
      if (measure.status !== 'retired' && compiled?.storable === true) found.push({ measure, compiled });
    }
  }
  return found.sort((one, other) => one.measure.id.localeCompare(other.measure.id));
}

/** A Measure in another language, or stored before its mistakes were looked for, is answered when it is asked for. */
function compiledIfRight(measure: Measure & { id: string }, calendar: Calendar): CompiledMeasure | undefined {
  try {
    const compiled = compiledOf({ measure }, calendar);
    return compiled.kind === 'stay' ? compiled.measure : undefined;
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}

function signaturesOf(measure: CompiledMeasure): string[][] {
  return measure.groups.map((group) =>
    group.stratifiers.map((stratifier) => stratifier.parts.map((part) => part.criteria.signature).join('+')),
  );
}

function digestFor(measure: Measure, calendar: Calendar): string {
  const { meta: _meta, text: _text, ...content } = measure;
  return digestOf(JSON.stringify([ENGINE, calendar.timeZone, content]));
}
