import { createRequire } from 'node:module';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { bundleFile } from '../definitions/bundle-file.ts';
import { limited } from '../fhirpath/limited.ts';
import type { CompiledPath, TypedValue } from './path.ts';

type Medplum = typeof import('@medplum/core');

const require = createRequire(import.meta.url);
const indexed = new Set<string>();
let medplum: Medplum | undefined;

/** Medplum's evaluator takes types of values from definitions that it was given: all data types, and this resource type. */
function evaluatorFor(type: string): Medplum {
  if (medplum === undefined) {
    // A quarter of a second, which only who has such a parameter pays.
    medplum = require('@medplum/core') as Medplum;
    const file = bundleFile('profiles-types');
    const keys = [...file.keys()].filter((key) => key.startsWith('StructureDefinition/'));
    medplum.indexStructureDefinitionBundle(keys.map((key) => file.read(key) as StructureDefinition));
  }
  if (!indexed.has(type)) {
    const definition = bundleFile('profiles-resources').read(`StructureDefinition/${type}`);
    if (definition !== undefined) medplum.indexStructureDefinitionBundle([definition as StructureDefinition]);
    indexed.add(type);
  }
  return medplum;
}

/**
 * A search parameter's expression that the path compiler cannot follow, run by Medplum's FHIRPath evaluator: functions
 * and conditions beyond what R4's own parameters use. A resource on which it fails, or takes a second, has no values.
 * @throws Error when it is no FHIRPath that the evaluator knows
 */
export function evaluatedPath(expression: string, type: string): CompiledPath {
  const { parseFhirPath, evalFhirPathTyped, toTypedValue } = evaluatorFor(type);
  const tree = parseFhirPath(expression);
  const evaluate = limited((root: unknown): readonly TypedValue[] =>
    evalFhirPathTyped(tree, [toTypedValue(root)]),
  );
  // Unknown functions are found out by running it.
  evaluate({ resourceType: type });
  return {
    find: (root) => {
      try {
        return evaluate(root).filter(({ value }) => value !== undefined && value !== null);
      } catch {
        return [];
      }
    },
    // What it gives is not known beforehand; an identifier is not ruled out.
    types: new Set(['Element', 'Identifier']),
    systems: new Set(),
    repeats: true,
  };
}
