import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import type { DefinitionSource } from '../../definitions.ts';
import { compileInvariants, type Invariant } from '../invariant.ts';
import type { Binding } from '../type-node.ts';
import {
  type BaseElement,
  type BasePosition,
  baseElement,
  basePosition,
  positionBelow,
} from './base-position.ts';
import { compileDiscriminators, isDecidable } from './compile-discriminator.ts';
import type { ExtensionContext, ProfileElement, ProfileNode, Slice, Slicing } from './node.ts';
import { profileElements } from './profile-elements.ts';
import { choiceValue, type ElementTree, snapshotTree } from './snapshot-tree.ts';

/**
 * Compiles a profile or an extension's definition.
 * @returns undefined when what it derives from is not known, or is a type that R4 does not have
 */
export function compileProfile(
  source: DefinitionSource,
  definition: StructureDefinition,
): ProfileNode | undefined {
  const tree = snapshotTree(profileElements(source, definition) ?? []);
  const position = basePosition(definition.type);
  if (tree === undefined || position === undefined) {
    return undefined;
  }
  const root = position.definition.snapshot?.element[0] as ElementDefinition;
  const base = { element: root, stem: definition.type, choice: false };
  const extension = definition.type === 'Extension';
  return {
    url: definition.url,
    type: definition.type,
    contexts: extension ? contextsOf(definition) : [],
    modifier: extension ? tree.element.isModifier === true : undefined,
    root: compileElement({ source, definition }, tree, base, position, undefined),
  };
}

interface Owner {
  readonly source: DefinitionSource;
  readonly definition: StructureDefinition;
}

function contextsOf(definition: StructureDefinition): ExtensionContext[] {
  return (definition.context ?? []).flatMap(({ type, expression }) =>
    type === undefined || expression === undefined ? [] : [{ type, expression }],
  );
}

/** `below` is where the children of the element are defined; `position` where the element itself is. */
function compileElement(
  owner: Owner,
  tree: ElementTree,
  base: BaseElement,
  below: BasePosition | undefined,
  position: BasePosition | undefined,
): ProfileElement {
  const { element } = tree;
  const types = codesOf(element, base);
  const keys = keysOf(base);
  const narrowed = base.choice ? new Set(typesOf(tree, base, types)) : undefined;
  const min = element.min ?? 0;
  const max = limit(element.max);
  return {
    name: base.stem,
    keys,
    choice: base.choice,
    min: min > (base.element.min ?? 0) ? min : 0,
    max: max < limit(base.element.max) ? max : Number.POSITIVE_INFINITY,
    types: narrowed !== undefined && keys.some(({ type }) => !narrowed.has(type)) ? narrowed : undefined,
    fixed: choiceValue(element, 'fixed'),
    pattern: choiceValue(element, 'pattern'),
    binding: bindingOf(element, base.element, types),
    targets: targetsOf(owner.source, element, base.element),
    profiles: profilesOf(element),
    rules: rulesOf(element, base, below),
    maxLength: element.maxLength === base.element.maxLength ? undefined : element.maxLength,
    minValue: bound(element, base.element, 'minValue'),
    maxValue: bound(element, base.element, 'maxValue'),
    children: below === undefined ? [] : compileChildren(owner, tree, below),
    slicing: position === undefined ? undefined : compileSlicing(owner, tree, base, position),
  };
}

/** A differential may leave the types as they are. */
function codesOf(element: ElementDefinition, base: BaseElement): string[] {
  return (element.type ?? base.element.type ?? []).map(({ code }) => code ?? '');
}

function limit(max: string | undefined): number {
  return max === undefined || max === '*' ? Number.POSITIVE_INFINITY : Number(max);
}

function bound(element: ElementDefinition, base: ElementDefinition, stem: 'minValue' | 'maxValue') {
  const value = choiceValue(element, stem);
  const known = choiceValue(base, stem) === value || (typeof value !== 'number' && typeof value !== 'string');
  return known ? undefined : value;
}

function keysOf(base: BaseElement): ProfileElement['keys'] {
  return (base.element.type ?? []).map(({ code = '' }) => {
    const key = base.choice ? `${base.stem}${code.charAt(0).toUpperCase()}${code.slice(1)}` : base.stem;
    return { key, besideKey: `_${key}`, type: code };
  });
}

/** `valueQuantity` as an element's name says the type as well as its type list. */
function typesOf(tree: ElementTree, base: BaseElement, types: readonly string[]): readonly string[] {
  const named = tree.name.endsWith('[x]') ? '' : tree.name.slice(base.stem.length).toLowerCase();
  return named === '' ? types : types.filter((type) => type.toLowerCase() === named);
}

function compileChildren(owner: Owner, tree: ElementTree, below: BasePosition): ProfileElement[] {
  return tree.children.flatMap((child) => {
    const base = baseElement(below, child.name);
    if (base === undefined) {
      return [];
    }
    const types = typesOf(child, base, codesOf(child.element, base));
    const deeper = positionBelow(below, base, base.choice && types.length === 1 ? types[0] : undefined);
    const compiled = compileElement(owner, child, base, deeper, below);
    return addsNothing(compiled) ? [] : [compiled];
  });
}

function addsNothing(element: ProfileElement): boolean {
  return (
    element.min === 0 &&
    element.max === Number.POSITIVE_INFINITY &&
    element.types === undefined &&
    element.fixed === undefined &&
    element.pattern === undefined &&
    element.binding === undefined &&
    element.targets === undefined &&
    element.profiles.size === 0 &&
    element.rules.length === 0 &&
    element.maxLength === undefined &&
    element.minValue === undefined &&
    element.maxValue === undefined &&
    element.children.length === 0 &&
    element.slicing === undefined
  );
}

function compileSlicing(
  owner: Owner,
  tree: ElementTree,
  base: BaseElement,
  position: BasePosition,
): Slicing | undefined {
  const slicing = tree.element.slicing;
  if (tree.slices.length === 0) {
    return undefined;
  }
  const discriminators = slicing?.discriminator ?? [];
  const slices = tree.slices.map((slice): Slice => {
    const codes = codesOf(slice.element, base);
    const below = positionBelow(position, base, base.choice && codes.length === 1 ? codes[0] : undefined);
    const element = compileElement(owner, slice, base, below, position);
    const marks = compileDiscriminators(owner.source, slice, base, discriminators);
    return {
      name: slice.element.sliceName ?? '',
      min: slice.element.min ?? 0,
      max: limit(slice.element.max),
      // The cardinality of a slice counts its own items, not all of the element.
      element: { ...element, min: 0, max: Number.POSITIVE_INFINITY },
      decidable: marks.length > 0 && marks.every(isDecidable),
      discriminators: marks,
    };
  });
  return { closed: slicing?.rules === 'closed', slices };
}

function bindingOf(
  element: ElementDefinition,
  base: ElementDefinition,
  types: readonly string[],
): Binding | undefined {
  const { strength, valueSet } = element.binding ?? {};
  const same = base.binding?.valueSet === valueSet && base.binding?.strength === strength;
  const [type, second] = types;
  return (strength === 'required' || strength === 'extensible') &&
    valueSet !== undefined &&
    !same &&
    type !== undefined &&
    second === undefined
    ? { valueSet, type, required: strength === 'required' }
    : undefined;
}

/** Resource types behind the profiles that a reference may point to; undefined when one of them is not known. */
function targetsOf(
  source: DefinitionSource,
  element: ElementDefinition,
  base: ElementDefinition,
): ReadonlySet<string> | undefined {
  const allowed = referenceTargets(element);
  if (allowed.length === 0 || allowed.join() === referenceTargets(base).join()) {
    return undefined;
  }
  const types = allowed.map((url) => source.structureDefinition(url)?.type as string | undefined);
  return types.every((type) => type !== undefined && type !== 'Resource')
    ? new Set(types as string[])
    : undefined;
}

function referenceTargets(element: ElementDefinition): string[] {
  return (element.type ?? [])
    .filter(({ code }) => code === 'Reference')
    .flatMap(({ targetProfile }) => targetProfile ?? []);
}

/** Extensions are held to their definitions by URL wherever they stand; here are the profiles of other types. */
function profilesOf(element: ElementDefinition): ReadonlyMap<string, readonly string[]> {
  const profiles = new Map<string, readonly string[]>();
  for (const { code, profile } of element.type ?? []) {
    if (code !== undefined && code !== 'Extension' && profile !== undefined && profile.length > 0) {
      profiles.set(code, profile);
    }
  }
  return profiles;
}

/** Rules that neither the base element nor its type has. */
function rulesOf(
  element: ElementDefinition,
  base: BaseElement,
  below: BasePosition | undefined,
): readonly Invariant[] {
  const typeRules = below?.definition.snapshot?.element[0]?.constraint ?? [];
  const known = new Set(
    [...(base.element.constraint ?? []), ...typeRules].map(({ key, expression }) => `${key}|${expression}`),
  );
  const added = (element.constraint ?? []).filter(
    ({ key, expression }) => !known.has(`${key}|${expression}`),
  );
  return compileInvariants(added, base.element.path.replace('[x]', ''), true);
}
