import type { UserInvocationTable } from 'fhirpath';
import type { Calendar } from '../../coordination/calendar.ts';
import { digestOf } from '../../store/keys.ts';
import type { StoredMeasure } from '../find-measure.ts';
import { compileSubjectMeasure, type SubjectMeasure } from '../subjects/subject-measure.ts';
import { compileMeasure, isStayMeasure } from './compile-measure.ts';
import type { CompiledMeasure } from './compiled-measure.ts';
import { measureFunctions } from './functions.ts';

export type Compiled =
  | { readonly kind: 'stay'; readonly measure: CompiledMeasure }
  | { readonly kind: 'subject'; readonly measure: SubjectMeasure };

interface Cache {
  readonly functions: UserInvocationTable;
  readonly compiled: Map<string, Compiled>;
  /** The same by the object, for those who hold on to it. */
  readonly known: WeakMap<object, Compiled>;
}

/** Versions of Measures kept compiled; a server with more of them in use compiles anew. */
const KEPT = 200;
const caches = new WeakMap<Calendar, Cache>();

/** Compiles a Measure once, whatever store it is in. @throws FhirError 422 with a path per issue */
export function compiledOf({ measure }: StoredMeasure, calendar: Calendar): Compiled {
  const cache = cacheOf(calendar);
  const known = cache.known.get(measure);
  if (known !== undefined) return known;
  const key = digestOf(JSON.stringify(measure));
  let compiled = cache.compiled.get(key);
  if (compiled === undefined) {
    if (cache.compiled.size >= KEPT) cache.compiled.clear();
    compiled = isStayMeasure(measure)
      ? { kind: 'stay', measure: compileMeasure(measure, cache.functions) }
      : { kind: 'subject', measure: compileSubjectMeasure(measure, cache.functions) };
    cache.compiled.set(key, compiled);
  }
  cache.known.set(measure, compiled);
  return compiled;
}

/** The functions that Measures are compiled with. */
export function functionsFor(calendar: Calendar): UserInvocationTable {
  return cacheOf(calendar).functions;
}

function cacheOf(calendar: Calendar): Cache {
  let cache = caches.get(calendar);
  if (cache === undefined) {
    cache = { functions: measureFunctions(calendar), compiled: new Map(), known: new WeakMap() };
    caches.set(calendar, cache);
  }
  return cache;
}
