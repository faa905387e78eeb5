import type { Parameters } from '@medplum/fhirtypes';
import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { notFound } from '../outcome.ts';
import { type ConceptIndex, isBelow } from './concepts.ts';
import { findConcepts } from './find.ts';

export interface SubsumesInput {
  readonly system: string;
  readonly version?: string;
  readonly codeA: string;
  readonly codeB: string;
}

/**
 * CodeSystem/$subsumes (R4 codesystem-operation-subsumes.html): how A stands to B, as `outcome`: `equivalent`,
 * `subsumes` (B is below A), `subsumed-by`, `not-subsumed`.
 * @throws FhirError 404 for an unknown system or code, 422 for a system without content
 */
export function subsumes(source: DefinitionSource, input: SubsumesInput): Parameters {
  const index = findConcepts(source, input.system, input.version);
  const a = known(index, input.codeA, 'codeA');
  const b = known(index, input.codeB, 'codeB');
  const outcome =
    a === b
      ? 'equivalent'
      : isBelow(index, b, a)
        ? 'subsumes'
        : isBelow(index, a, b)
          ? 'subsumed-by'
          : 'not-subsumed';
  return { resourceType: 'Parameters', parameter: [{ name: 'outcome', valueCode: outcome }] };
}

/** The codes above or below a code, itself among them, for a search with `:above` and `:below`. */
export function relatedCodes(
  source: DefinitionSource,
  system: string,
  code: string,
  direction: 'above' | 'below',
): readonly { readonly system: string; readonly code: string }[] {
  const index = findConcepts(source, system);
  const start = known(index, code, 'code');
  const seen = new Set([start]);
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const concept = index.concepts.get(next);
    for (const other of (direction === 'above' ? concept?.parents : concept?.children) ?? []) {
      if (!seen.has(other)) {
        seen.add(other);
        waiting.push(other);
      }
    }
  }
  return [...seen].map((found) => ({ system: withoutVersion(system), code: found }));
}

function known(index: ConceptIndex, code: string, parameter: string): string {
  const concept = index.find(code);
  if (concept === undefined) {
    throw notFound(`${code.slice(0, 200)} is not a code of ${index.system.url ?? ''}`, parameter);
  }
  return concept.code;
}
