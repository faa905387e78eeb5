import type { ElementDefinitionSlicingDiscriminator } from '@medplum/fhirtypes';
import type { DefinitionSource } from '../../definitions.ts';
import type { BaseElement } from './base-position.ts';
import type { Discriminator, Expectation, Step } from './node.ts';
import { profileElements } from './profile-elements.ts';
import { childOf, choiceValue, type ElementTree, snapshotTree } from './snapshot-tree.ts';

const STEP = /extension\('([^']*)'\)|ofType\((\w+)\)|(resolve\(\))|(\$this)|(\w+(?:\[x\])?)/g;

/**
 * What an item must show to belong to a slice. Along the discriminator's path the slice's own elements are
 * followed, and where an element's type is itself profiled (an identifier by dk-core's profile for GLN), that
 * profile's elements: fixed values, patterns and required bindings found on the way are what is expected.
 */
export function compileDiscriminators(
  source: DefinitionSource,
  slice: ElementTree,
  base: BaseElement,
  discriminators: readonly ElementDefinitionSlicingDiscriminator[],
): readonly Discriminator[] {
  if (discriminators.length === 0 && base.choice) {
    return [compileOne(source, slice, { type: 'type', path: '$this' })];
  }
  return discriminators.map((discriminator) => compileOne(source, slice, discriminator));
}

/** Whether it says what an item must show. */
export function isDecidable({ type, expected, types }: Discriminator): boolean {
  return type === 'exists' || (type === 'value' ? expected.length > 0 : types.size > 0);
}

function compileOne(
  source: DefinitionSource,
  slice: ElementTree,
  discriminator: ElementDefinitionSlicingDiscriminator,
): Discriminator {
  const path = steps(discriminator.path ?? '$this');
  const kind = discriminator.type === 'pattern' ? 'value' : (discriminator.type ?? 'value');
  const along = follow(source, slice, path);
  const last = along.length === path.length + 1 ? (along.at(-1) ?? []) : [];
  const types = last.flatMap(({ element }) => element.type ?? []);
  return {
    type: kind,
    path,
    expected: kind === 'value' ? expectations(along, path) : [],
    types: new Set(
      types
        .flatMap(({ code }) => (code === undefined || code === 'Reference' ? [] : [code]))
        .concat(targets(source, types, path)),
    ),
    profiles: types.flatMap(({ profile, targetProfile }) => [...(profile ?? []), ...(targetProfile ?? [])]),
    exists:
      last.some(({ element }) => (element.min ?? 0) > 0) || !last.some(({ element }) => element.max === '0'),
  };
}

function steps(path: string): Step[] {
  const found: Step[] = [];
  for (const [, extension, type, resolve, self, name] of path.matchAll(STEP)) {
    if (extension !== undefined) {
      found.push({ kind: 'extension', url: extension });
    } else if (type !== undefined) {
      found.push({ kind: 'type', type });
    } else if (resolve !== undefined) {
      found.push({ kind: 'resolve' });
    } else if (self === undefined && name !== undefined) {
      found.push({ kind: 'child', name: name.replace('[x]', '') });
    }
  }
  return found;
}

/** The slice's elements at each step, the slice itself first; several where a type has several profiles. */
function follow(
  source: DefinitionSource,
  slice: ElementTree,
  path: readonly Step[],
): (readonly ElementTree[])[] {
  const along: (readonly ElementTree[])[] = [withProfiles(source, [slice])];
  for (const step of path) {
    const here = along.at(-1) ?? [];
    const next =
      step.kind === 'child' || step.kind === 'extension'
        ? here.flatMap((tree) => below(source, tree, step))
        : here;
    if (next.length === 0) {
      return along;
    }
    along.push(withProfiles(source, next));
  }
  return along;
}

function below(source: DefinitionSource, tree: ElementTree, step: Step): ElementTree[] {
  if (step.kind === 'child') {
    const child = childOf(tree, step.name);
    return child === undefined ? [] : [child, ...child.slices];
  }
  const slices = childOf(tree, 'extension')?.slices ?? [];
  return slices.filter((slice) => step.kind === 'extension' && extensionUrl(source, slice) === step.url);
}

/** The URL that an extension slice stands for. */
function extensionUrl(source: DefinitionSource, slice: ElementTree): unknown {
  const profile = slice.element.type?.[0]?.profile?.[0];
  if (profile !== undefined && source.structureDefinition(profile) === undefined) {
    return profile;
  }
  const [found] = withProfiles(source, [slice]).flatMap((tree) => {
    const url = childOf(tree, 'url');
    return url === undefined ? [] : [choiceValue(url.element, 'fixed')];
  });
  return found ?? profile;
}

function withProfiles(source: DefinitionSource, trees: readonly ElementTree[]): ElementTree[] {
  const profiles = trees.flatMap(({ element }) =>
    (element.type ?? []).flatMap(({ profile }) => {
      const definition =
        profile?.length === 1 && profile[0] !== undefined
          ? source.structureDefinition(profile[0])
          : undefined;
      const elements = definition === undefined ? undefined : profileElements(source, definition);
      const tree = snapshotTree(elements ?? []);
      return tree === undefined ? [] : [tree];
    }),
  );
  return [...trees, ...profiles];
}

function expectations(along: readonly (readonly ElementTree[])[], path: readonly Step[]): Expectation[] {
  const found: Expectation[] = [];
  for (const [depth, trees] of along.entries()) {
    for (const { element } of trees) {
      const fixed = choiceValue(element, 'fixed');
      const pattern = choiceValue(element, 'pattern');
      const { strength, valueSet } = element.binding ?? {};
      const type = element.type?.[0]?.code;
      const bound =
        depth === path.length && strength === 'required' && valueSet !== undefined && type !== undefined;
      if (fixed !== undefined || pattern !== undefined) {
        found.push({ depth, fixed, pattern, binding: undefined });
      } else if (bound) {
        found.push({
          depth,
          fixed: undefined,
          pattern: undefined,
          binding: { valueSet, type, required: true },
        });
      }
    }
  }
  // An extension slice may name its definition only, whose URL is then what tells it apart.
  const slice = along[0]?.[0];
  const profile =
    slice?.element.type?.[0]?.code === 'Extension' ? slice.element.type[0]?.profile?.[0] : undefined;
  const step = path[0];
  if (
    found.length === 0 &&
    profile !== undefined &&
    path.length === 1 &&
    step?.kind === 'child' &&
    step.name === 'url'
  ) {
    found.push({ depth: 1, fixed: profile, pattern: undefined, binding: undefined });
  }
  return found;
}

type Typing = { readonly code?: string | undefined; readonly targetProfile?: readonly string[] | undefined };

/** For `resolve()`: the resource types of the targets. */
function targets(source: DefinitionSource, types: readonly Typing[], path: readonly Step[]): string[] {
  if (path.at(-1)?.kind !== 'resolve') {
    return [];
  }
  return types.flatMap(({ targetProfile }) =>
    (targetProfile ?? []).flatMap((url) => source.structureDefinition(url)?.type ?? []),
  );
}
