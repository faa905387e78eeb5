import fhirpath from 'fhirpath/src/fhirpath.js';

/** A FHIRPath expression that cannot be compiled. */
export class FhirPathError extends Error {
  /** Where in the expression: line from 1, column from 1; absent when the whole is meant. */
  readonly position?: { readonly line: number; readonly column: number };

  constructor(message: string, position?: { readonly line: number; readonly column: number }) {
    super(message);
    this.name = 'FhirPathError';
    if (position !== undefined) {
      this.position = position;
    }
  }
}

/** A node of the parser's tree; function invocations carry the function's name as text. */
export interface FhirPathNode {
  readonly type: string;
  readonly text?: string;
  readonly start?: { readonly line: number; readonly column: number };
  readonly children?: readonly FhirPathNode[];
}

/** No rule is longer; the parser's time grows with the length. */
const LONGEST = 20_000;
/** Levels of the tree; one pair of parentheses adds four. */
const DEEPEST = 1_000;
const TOO_DEEP = 'The expression is nested too deeply';

/**
 * Parses an expression and lets `refuse` look at every node; the text it answers is why the node is not allowed.
 * @returns the syntax tree
 * @throws FhirPathError
 */
export function parseFhirPath(
  expression: string,
  refuse: (node: FhirPathNode) => string | undefined = () => undefined,
): FhirPathNode {
  if (expression.length > LONGEST) {
    throw new FhirPathError(`The expression is longer than ${LONGEST} characters`);
  }
  const tree = parse(expression);
  visit(tree, refuse, 0);
  return tree;
}

/** Trees of the texts parsed last: Measures share most of theirs, and parsing costs a hundred evaluations. */
const trees = new Map<string, FhirPathNode>();
const MOST_TREES = 2_000;

function parse(expression: string): FhirPathNode {
  const known = trees.get(expression);
  if (known !== undefined) return known;
  try {
    const tree = fhirpath.parse(expression) as FhirPathNode;
    const [oldest] = trees.size < MOST_TREES ? [] : trees.keys();
    if (oldest !== undefined) trees.delete(oldest);
    trees.set(expression, tree);
    return tree;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new FhirPathError(TOO_DEEP);
    }
    throw syntaxError(error instanceof Error ? error.message : String(error));
  }
}

/** The parser says `line: 1; column: 13; message: …`, one line per error, columns from 0; the first one is the cause. */
function syntaxError(message: string): FhirPathError {
  const [, line, column, text] =
    /^line: (\d+); column: (\d+); message: ([\s\S]*)$/.exec(message.split('\n')[0] ?? '') ?? [];
  if (line === undefined || column === undefined || text === undefined) {
    return new FhirPathError(message);
  }
  const position = { line: Number(line), column: Number(column) + 1 };
  // The list of all thirty tokens that could follow helps nobody.
  const short = text
    .replace(/ expecting \{.*$/s, '')
    .replace(/^mismatched input '<EOF>'/, 'the expression ends too early')
    .replace("'<EOF>'", 'the end of the expression');
  return new FhirPathError(`${short} (line ${position.line}, column ${position.column})`, position);
}

function visit(node: FhirPathNode, refuse: (node: FhirPathNode) => string | undefined, depth: number): void {
  if (depth > DEEPEST) {
    throw new FhirPathError(TOO_DEEP);
  }
  const reason = refuse(node);
  if (reason !== undefined) {
    throw new FhirPathError(reason, node.start);
  }
  for (const child of node.children ?? []) {
    visit(child, refuse, depth + 1);
  }
}
