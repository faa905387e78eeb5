import type { CodeSystem, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { DefinitionSource } from '../definitions.ts';
import { errorIssue, FhirError, notFound } from '../outcome.ts';
import { type ConceptIndex, indexConcepts } from './concepts.ts';

/** @throws FhirError 404 */
export function findValueSet(source: DefinitionSource, url: string): ValueSet {
  return source.valueSet(url) ?? missing('value set', url);
}

/** @throws FhirError 404 */
export function findConceptMap(source: DefinitionSource, url: string): ConceptMap {
  return source.conceptMap(url) ?? missing('concept map', url);
}

/**
 * The code system with its concepts.
 * @throws FhirError 404 when it is unknown, 422 when only its name is known here
 */
export function findConcepts(source: DefinitionSource, system: string, version?: string): ConceptIndex {
  const found: CodeSystem =
    source.codeSystem(version === undefined ? system : `${system}|${version}`) ??
    missing('code system', system);
  if (found.content === 'not-present') {
    throw new FhirError(422, [
      errorIssue(
        'not-supported',
        `The content of the code system ${system} is not held here; load a package that has it`,
      ),
    ]);
  }
  return indexConcepts(found);
}

function missing(kind: string, url: string): never {
  throw notFound(
    `The ${kind} ${url.slice(0, 500)} is not known here; check its URL, or load the package that defines it`,
    'url',
  );
}
