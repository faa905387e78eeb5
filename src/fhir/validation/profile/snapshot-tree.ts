import type { ElementDefinition } from '@medplum/fhirtypes';

/** The elements of a snapshot as the tree that their ids describe: children by name, slices by slice name. */
export interface ElementTree {
  readonly element: ElementDefinition;
  /** The last step of the path, with `[x]`. */
  readonly name: string;
  readonly children: ElementTree[];
  readonly slices: ElementTree[];
}

/** @returns undefined for a snapshot without elements */
export function snapshotTree(elements: readonly ElementDefinition[]): ElementTree | undefined {
  const byId = new Map<string, ElementTree>();
  for (const element of elements) {
    const path = element.path;
    const tree: ElementTree = {
      element,
      name: path.slice(path.lastIndexOf('.') + 1),
      children: [],
      slices: [],
    };
    const id = element.id ?? path;
    byId.set(id, tree);
    const dot = id.lastIndexOf('.');
    const last = id.slice(dot + 1);
    const colon = last.indexOf(':');
    if (colon < 0) {
      byId.get(id.slice(0, Math.max(dot, 0)))?.children.push(tree);
    } else {
      // A slice of a slice (`a/b`) belongs to slice a.
      const slash = last.lastIndexOf('/');
      const owner = slash > colon ? last.slice(0, slash) : last.slice(0, colon);
      byId.get(`${id.slice(0, dot + 1)}${owner}`)?.slices.push(tree);
    }
  }
  const first = elements[0];
  return first === undefined ? undefined : byId.get(first.id ?? first.path);
}

/** The child of that name; a choice also by its stem (`value` finds `value[x]`). */
export function childOf(tree: ElementTree, name: string): ElementTree | undefined {
  return tree.children.find((child) => child.name === name || child.name === `${name}[x]`);
}

/** The value of `fixed[x]`, `pattern[x]`, `minValue[x]` or `maxValue[x]`, whatever its type. */
export function choiceValue(
  element: ElementDefinition,
  stem: 'fixed' | 'pattern' | 'minValue' | 'maxValue',
): unknown {
  for (const [key, value] of Object.entries(element)) {
    if (key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length))) {
      return value;
    }
  }
  return undefined;
}
