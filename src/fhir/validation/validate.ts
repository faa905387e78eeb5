import type { OperationOutcomeIssue, StructureDefinition } from '@medplum/fhirtypes';
import { BASE_DEFINITIONS, type DefinitionSource, withoutVersion } from '../definitions.ts';
import { type Membership, membershipOf } from '../terminology/membership.ts';
import { checkResource } from './check-value.ts';
import type { ValidationContext } from './context.ts';
import { isObject } from './json-object.ts';
import { compileProfile } from './profile/compile-profile.ts';
import type { ProfileNode } from './profile/node.ts';
import { Run } from './run.ts';

interface ValidationOptions {
  /** Profiles to hold the resource to, besides those it claims in meta.profile. An unknown one is an error. */
  readonly profiles?: readonly string[];
  /** Allow `Type?query` references, as a transaction has them before they are resolved. */
  readonly conditionalReferences?: boolean;
  /** Warn of codes that are not of an extensible value set: for people, a write has no use for it. */
  readonly advice?: boolean;
}

/** Checks one resource; [] when nothing is wrong. Warnings have severity `warning`: a write passes with them. */
export type Validator = (resource: unknown, options?: ValidationOptions) => OperationOutcomeIssue[];

/**
 * A validator over definitions: R4's own, or R4's and those of packages and stored resources. Types and profiles
 * are compiled at their first use and kept as long as the validator.
 */
export function createValidator(definitions: DefinitionSource): Validator {
  const profiles = new Map<string, ProfileNode | undefined>();
  const profile = (canonical: string): ProfileNode | undefined => {
    const url = withoutVersion(canonical);
    if (!profiles.has(url)) {
      const definition = definitions.structureDefinition(canonical);
      profiles.set(url, definition === undefined ? undefined : compiled(definitions, definition));
    }
    return profiles.get(url);
  };
  const memberships = new Map<string, Membership | undefined>();
  const membership = (url: string): Membership | undefined => {
    if (!memberships.has(url)) {
      memberships.set(url, membershipOf(definitions, url));
    }
    return memberships.get(url);
  };
  const strict: ValidationContext = {
    definitions,
    profile,
    membership,
    conditionalReferences: false,
    advice: false,
  };
  return (resource, options = {}) => {
    const { conditionalReferences = false, advice = false } = options;
    const context = conditionalReferences || advice ? { ...strict, conditionalReferences, advice } : strict;
    return validate(context, resource, options);
  };
}

/** A stored definition may be of any quality: what cannot be compiled is not known. */
function compiled(definitions: DefinitionSource, definition: StructureDefinition): ProfileNode | undefined {
  try {
    return compileProfile(definitions, definition);
  } catch {
    return undefined;
  }
}

/**
 * Validates a resource against R4: elements, cardinality, JSON shape, primitive values, choices, contained
 * resources, references, required bindings, extensions, invariants, and the core profiles that it claims.
 * Synchronous and without I/O, but for the definition files at the first use of a type. Tens of thousands of
 * resources a second and core (docs/validation.md).
 * @returns issues with code, expression (FHIRPath with indexes) and a text that says how to mend; at most 100
 */
export const validateResource: Validator = createValidator(BASE_DEFINITIONS);

function validate(
  context: ValidationContext,
  resource: unknown,
  options: ValidationOptions,
): OperationOutcomeIssue[] {
  const type =
    isObject(resource) && typeof resource.resourceType === 'string' ? resource.resourceType : 'Resource';
  const run = new Run(context, isObject(resource) ? resource : {});
  run.enter(/^[A-Z][A-Za-z]{1,59}$/.test(type) ? type : 'Resource');
  checkResource(run, resource, (options.profiles ?? []).map(withoutVersion));
  return run.issues;
}
