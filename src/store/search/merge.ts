import type { ReferenceLeaf, TokenLeaf } from '../../fhir/search/query.ts';
import type { ResolvedCondition, TokenListLeaf } from './resolve.ts';

function groupName(condition: ResolvedCondition, index: number): string {
  if (condition.kind === 'reference') {
    return `reference ${condition.parameters.join()}`;
  }
  if (condition.kind === 'token' && condition.value !== undefined) {
    return `token ${condition.system === undefined} ${condition.parameters.join()}`;
  }
  return condition.kind === 'id' ? 'id' : `${index}`;
}

function tokenList(leaves: readonly TokenLeaf[]): TokenListLeaf {
  const [{ parameters, system }] = leaves as readonly [TokenLeaf];
  const values = leaves.map(({ value }) => value as string);
  const identifies = leaves.every((leaf) => leaf.identifies) ? { identifies: true as const } : {};
  if (system === undefined) {
    return { kind: 'token-list', parameters, values, ...identifies };
  }
  const systems = leaves.map((leaf) => leaf.system as string);
  return { kind: 'token-list', parameters, values, systems, ...identifies };
}

function merge(group: readonly ResolvedCondition[]): ResolvedCondition {
  const [first] = group as readonly [ResolvedCondition];
  if (group.length === 1) {
    return first;
  }
  switch (first.kind) {
    case 'reference':
      return {
        ...first,
        targets: [...new Set((group as readonly ReferenceLeaf[]).flatMap(({ targets }) => targets))],
      };
    case 'token':
      return tokenList(group as readonly TokenLeaf[]);
    default:
      return { kind: 'id', ids: group.flatMap((each) => (each.kind === 'id' ? each.ids : [])) };
  }
}

/** Alternatives that differ in the value only become one look at the index with a list of values, hundreds if need be. */
export function mergeLeaves(alternatives: readonly ResolvedCondition[]): readonly ResolvedCondition[] {
  const groups = new Map<string, ResolvedCondition[]>();
  alternatives.forEach((condition, index) => {
    const name = groupName(condition, index);
    const group = groups.get(name);
    if (group === undefined) {
      groups.set(name, [condition]);
    } else {
      group.push(condition);
    }
  });
  return [...groups.values()].map(merge);
}
