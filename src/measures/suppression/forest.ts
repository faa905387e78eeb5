import type { Branch } from './table.ts';

/** A forest with its nodes numbered in the order given. */
export interface Forest {
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** −1 for a root. */
  readonly parent: readonly number[];
  readonly children: readonly (readonly number[])[];
  /** The node, its parent, … up to its root. */
  readonly path: readonly (readonly number[])[];
  /** 0 for a leaf, else one more than the highest child. */
  readonly height: readonly number[];
}

/** @throws RangeError for a name twice, an unknown parent, or a circle */
export function forestOf(branches: readonly Branch[]): Forest {
  const ids = branches.map((branch) => branch.id);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  if (indexOf.size !== ids.length) throw new RangeError('two nodes of the tree have the same name');
  const parent = branches.map((branch) => {
    if (branch.parent === undefined) return -1;
    const index = indexOf.get(branch.parent);
    if (index === undefined) throw new RangeError(`${branch.id}: parent ${branch.parent} is not in the tree`);
    return index;
  });
  const children: number[][] = ids.map(() => []);
  parent.forEach((above, index) => {
    if (above >= 0) children[above]!.push(index);
  });
  const path = ids.map((id, index) => {
    const found: number[] = [];
    for (let node = index; node >= 0; node = parent[node]!) {
      if (found.length > ids.length) throw new RangeError(`${id}: the tree runs in a circle`);
      found.push(node);
    }
    return found;
  });
  const height = ids.map(() => 0);
  for (const nodes of path) {
    nodes.forEach((node, steps) => {
      height[node] = Math.max(height[node]!, steps);
    });
  }
  return { ids, indexOf, parent, children, path, height };
}

/** +1 and −1 on nodes of a forest. */
export type Shift = readonly (readonly [node: number, sign: 1 | -1])[];

/**
 * Every way to move one observation into `node` that keeps all sums of the forest but those it passes: from a leaf
 * below the node and its ancestors, minus another leaf and its ancestors (what both share cancels), or from outside
 * (then everything up to the root rises). Near ones first, from outside last.
 */
export function shiftsInto(forest: Forest, node: number): Shift[] {
  const leaves = forest.ids.map((_, index) => index).filter((index) => forest.children[index]!.length === 0);
  const inside = leaves.filter((leaf) => forest.path[leaf]!.includes(node));
  const outside = leaves.filter((leaf) => !forest.path[leaf]!.includes(node) && sameRoot(forest, leaf, node));
  const shifts: Shift[] = [];
  for (const leaf of inside) {
    for (const other of outside) shifts.push(between(forest.path[leaf]!, forest.path[other]!));
  }
  shifts.sort((a, b) => a.length - b.length);
  for (const leaf of inside) shifts.push(forest.path[leaf]!.map((above) => [above, 1] as const));
  return shifts;
}

function sameRoot(forest: Forest, one: number, other: number): boolean {
  return forest.path[one]!.at(-1) === forest.path[other]!.at(-1);
}

function between(to: readonly number[], from: readonly number[]): Shift {
  return [
    ...to.filter((node) => !from.includes(node)).map((node) => [node, 1] as const),
    ...from.filter((node) => !to.includes(node)).map((node) => [node, -1] as const),
  ];
}
