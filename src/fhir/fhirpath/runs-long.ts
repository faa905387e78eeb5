import type { FhirPathNode } from './parse.ts';

/** Their result can outgrow their input without bound, or look at everything. */
const GROWING: ReadonlySet<string> = new Set([
  'repeat',
  'aggregate',
  'descendants',
  'combine',
  'union',
  'replaceMatches',
]);
/** These go over their input for each item of the criteria around them. */
const LOOPS: ReadonlySet<string> = new Set(['where', 'exists', 'all', 'select']);
const MATCHING: ReadonlySet<string> = new Set(['matches', 'matchesFull']);
/** A group that repeats and has a repetition or a choice in it, or refers back: time may double with each character. */
const DOUBLING = /[*+?}|][^()]*\)[*+{]|\\[1-9]|\\k/;
/** More criteria within criteria, or projections one after the other, than a rule of ours or MedCom's has. */
const DEEPEST = 3;
const MOST_PROJECTIONS = 3;

/**
 * Whether an expression may take long, by its form alone: if not, its time is bounded by a small power of the size of
 * the data. May say so of a harmless one.
 */
export function mayRunLong(tree: FhirPathNode): boolean {
  let projections = 0;
  const look = (node: FhirPathNode, depth: number): boolean => {
    let inside = depth;
    if (node.type === 'FunctionInvocation' && node.text !== undefined) {
      if (GROWING.has(node.text)) return true;
      if (MATCHING.has(node.text) && !isPlainMatch(node)) return true;
      if (node.text === 'select' && ++projections > MOST_PROJECTIONS) return true;
      if (LOOPS.has(node.text)) inside += 1;
    }
    return inside > DEEPEST || (node.children ?? []).some((child) => look(child, inside));
  };
  return look(tree, 0);
}

/** The pattern stands there as text, and its groups do not multiply. */
function isPlainMatch(node: FhirPathNode): boolean {
  const [pattern] = only(node, 'Functn')?.children?.find(({ type }) => type === 'ParamList')?.children ?? [];
  const literal =
    pattern?.type === 'TermExpression' ? only(only(pattern, 'LiteralTerm'), 'StringLiteral') : undefined;
  return literal?.text !== undefined && !DOUBLING.test(literal.text);
}

function only(node: FhirPathNode | undefined, type: string): FhirPathNode | undefined {
  return node?.children?.find((child) => child.type === type);
}
