import { type Code, collected, type Env, type Reader, type Step } from './code.ts';
import { functionCode } from './functions.ts';
import { EMPTY, type Items } from './item.ts';
import { literalCode, unquoted } from './literals.ts';
import type { Parameters } from './macros.ts';
import { operatorCode } from './operators.ts';
import { type OwnFunctions, ownFunctionCode } from './own-functions.ts';
import type { FhirPathNode } from './parse.ts';
import { negatedCode } from './polarity.ts';
import { typeTestCode } from './type-tests.ts';
import { variableCode } from './variables.ts';
import { walked } from './walk.ts';

/** A node that is left to the engine: so is the whole expression. */
class Unsupported extends Error {}

/** An expression compiled, and how many variables it names that are not bound. */
export interface Compiled {
  readonly code: Code;
  readonly names: number;
}

/** @returns undefined when the expression has something that is left to the engine */
export function compileTree(
  tree: FhirPathNode,
  functions: OwnFunctions | undefined,
  readers: ReadonlyMap<string, Reader> | undefined,
): Compiled | undefined {
  const [expression] = tree.children ?? [];
  if (expression === undefined) return undefined;
  const compilation = new Compilation(functions, readers, mentionsScope(tree));
  try {
    return { code: compilation.expression(expression), names: compilation.names.size };
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** What an evaluation remembers beside `$this`; most expressions ask for none of it. */
function mentionsScope(node: FhirPathNode): boolean {
  if (node.type === 'IndexInvocation' || node.type === 'TotalInvocation') return true;
  if (node.type === 'FunctionInvocation' && SCOPING.has(unquoted(node.text ?? '', '`'))) return true;
  return (node.children ?? []).some(mentionsScope);
}
const SCOPING: ReadonlySet<string> = new Set(['defineVariable', 'aggregate']);

/** They too leave an index or a total behind in the engine. */
const MARKING: ReadonlySet<string> = new Set(['extension', 'sum', 'avg']);

const SELF: Code = { items: (self) => self };

class Compilation {
  readonly names = new Map<string, number>();
  private readonly functions: OwnFunctions | undefined;
  private readonly readers: ReadonlyMap<string, Reader> | undefined;
  private readonly scoped: boolean;

  constructor(
    functions: OwnFunctions | undefined,
    readers: ReadonlyMap<string, Reader> | undefined,
    scoped: boolean,
  ) {
    this.functions = functions;
    this.readers = readers;
    this.scoped = scoped;
  }

  /** A node that starts from `$this`. */
  expression(node: FhirPathNode): Code {
    const [first, second] = node.children ?? [];
    switch (node.type) {
      case 'EntireExpression':
      case 'TermExpression':
      case 'ParenthesizedTerm':
        return this.expression(present(first));
      case 'InvocationTerm':
        return this.invocation(SELF, present(first));
      case 'InvocationExpression':
        return (node.children ?? [])
          .slice(1)
          .reduce((source, child) => this.invocation(source, child), this.expression(present(first)));
      case 'LiteralTerm':
        return literalCode(node) ?? unsupported();
      case 'ExternalConstantTerm':
        return this.variable(node);
      case 'IndexerExpression':
        return indexed(this.expression(present(first)), this.expression(present(second)));
      case 'PolarityExpression':
        return negatedCode(node.text, this.expression(present(first)));
      case 'TypeExpression':
        return typeTestCode(node.text as 'is' | 'as', this.operand(first), second) ?? unsupported();
      default:
        if (!OPERATIONS.has(node.type)) return unsupported();
        return operatorCode(operatorOf(node), this.operand(first), this.operand(second)) ?? unsupported();
    }
  }

  private operand(node: FhirPathNode | undefined): Code {
    return this.within(this.expression(present(node)));
  }

  /** Operands and parameters each have a scope of their own, a copy of the one around them. */
  private within(code: Code): Code {
    if (!this.scoped || code.constant !== undefined) return code;
    const { items, test } = code;
    return {
      items: (self, env) => items(self, { ...env }),
      ...(test === undefined ? {} : { test: (self: Items, env: Env) => test(self, { ...env }) }),
    };
  }

  /** What stands after a point: `source` is what stands before it. */
  private invocation(source: Code, node: FhirPathNode): Code {
    switch (node.type) {
      case 'MemberInvocation':
        return member(source, node);
      case 'FunctionInvocation':
        return this.call(source, node);
      case 'ThisInvocation':
        return SELF;
      case 'IndexInvocation':
        return { items: (_, env) => collected(env.index) };
      case 'TotalInvocation':
        return { items: (_, env) => collected(env.total) };
      default:
        return unsupported();
    }
  }

  private call(source: Code, node: FhirPathNode): Code {
    const [invoked] = node.children ?? [];
    if (invoked?.type !== 'Functn' || invoked.text === 'sort') return unsupported();
    const [identifier, list] = invoked.children ?? [];
    const name = nameOf(identifier);
    const nodes = list?.children ?? [];
    const parameters: Parameters = { count: nodes.length, code: (at) => this.operand(nodes[at]) };
    if (this.functions !== undefined && Object.hasOwn(this.functions, name)) {
      return ownFunctionCode(this.functions[name], source, parameters) ?? unsupported();
    }
    if (this.scoped && MARKING.has(name)) return unsupported();
    if (name === 'is' || name === 'as' || name === 'ofType') {
      return typeTestCode(name, source, nodes.length === 1 ? nodes[0] : undefined) ?? unsupported();
    }
    return functionCode(name, source, parameters) ?? unsupported();
  }

  private variable(node: FhirPathNode): Code {
    const { delimitedText } = node as { readonly delimitedText?: string };
    const name = delimitedText === undefined ? node.text : unquoted(delimitedText, "'");
    if (name === undefined || name in Object.prototype) return unsupported();
    const reader = this.readers?.get(name) as ((scope: unknown) => Items) | undefined;
    if (reader !== undefined) return { items: (_, env) => reader(env.scope) };
    const number = this.names.get(name) ?? this.names.size;
    this.names.set(name, number);
    return variableCode(name, number);
  }
}

const OPERATIONS: ReadonlySet<string> = new Set([
  'EqualityExpression',
  'InequalityExpression',
  'AdditiveExpression',
  'MultiplicativeExpression',
  'MembershipExpression',
  'UnionExpression',
  'AndExpression',
  'OrExpression',
  'ImpliesExpression',
]);

function operatorOf(node: FhirPathNode): string {
  return node.text ?? '';
}

function member(source: Code, node: FhirPathNode): Code {
  const name = nameOf(node.children?.[0]);
  const { atRoot } = node as { readonly atRoot?: 1 | 2 };
  // What stands outside the model is of a type of the system, whose names could be meant.
  if (atRoot !== undefined && SYSTEM_TYPES.has(name)) return unsupported();
  const step: Step = { kind: 'child', name, root: atRoot ?? 0 };
  const path =
    source === SELF
      ? { origin: undefined, steps: [step] }
      : source.path === undefined
        ? { origin: source, steps: [step] }
        : { origin: source.path.origin, steps: [...source.path.steps, step] };
  return { path, items: walked(path) };
}

const SYSTEM_TYPES: ReadonlySet<string> = new Set(
  'Boolean String Integer Long Decimal Date DateTime Time Quantity Object Undefined'.split(' '),
);

function nameOf(node: FhirPathNode | undefined): string {
  if (node?.type !== 'Identifier' || node.text === undefined) return unsupported();
  return unquoted(node.text, '`');
}

function indexed(source: Code, index: Code): Code {
  return {
    items: (self, env) => {
      const items = source.items(self, env);
      const at = index.items(self, env);
      if (at.length === 0) return EMPTY;
      const number = Number.parseInt(String(at[0]), 10);
      return number >= 0 && number < items.length ? [items[number]] : EMPTY;
    },
  };
}

function present(node: FhirPathNode | undefined): FhirPathNode {
  return node ?? unsupported();
}

function unsupported(): never {
  throw new Unsupported();
}
