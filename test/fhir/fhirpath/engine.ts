import type { UserInvocationTable } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import fhirpath from 'fhirpath/src/fhirpath.js';
import { Handover } from '../../../src/fhir/fhirpath/item.ts';
import { compileNative } from '../../../src/fhir/fhirpath/native.ts';
import { parseFhirPath } from '../../../src/fhir/fhirpath.ts';

/** What an expression is evaluated with. */
export interface Question {
  readonly expression: string;
  readonly context: unknown;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly functions?: UserInvocationTable;
  readonly base?: string;
}

type Evaluate = (context: unknown, variables: Readonly<Record<string, unknown>>) => readonly unknown[];
type Compile = (question: Question) => Evaluate | undefined;

/** Compiles what is asked again and again once. */
function remembering(compile: Compile): Compile {
  let last: Question | undefined;
  let compiled: Evaluate | undefined;
  return (question) => {
    const { expression, base, functions } = question;
    if (last?.expression !== expression || last.base !== base || last.functions !== functions) {
      compiled = compile(question);
      last = question;
    }
    return compiled;
  };
}

const engine = remembering(({ expression, functions, base }) => {
  const path = base === undefined ? expression : { base, expression };
  return fhirpath.compile(path, r4, {
    async: false,
    resolveInternalTypes: false,
    traceFn: () => {},
    ...(functions === undefined ? {} : { userInvocationTable: functions }),
  }) as Evaluate;
});

const compiler = remembering(({ expression, functions, base }) =>
  compileNative(parseFhirPath(expression), functions, base),
);

/** What fhirpath.js says, item by item with its type, or its error. */
export function byEngine(question: Question): unknown {
  return outcome(() => engine(question)?.(question.context, question.variables ?? {}) ?? []);
}

export const NOT_COMPILED = 'not compiled';
export const HANDED_OVER = 'handed over';

/** What the compiled expression says in the same words; {@link NOT_COMPILED} or {@link HANDED_OVER} where it leaves it to fhirpath.js. */
export function byCompiler(question: Question): unknown {
  const native = compiler(question);
  if (native === undefined) return NOT_COMPILED;
  try {
    return outcome(() => native(question.context, question.variables ?? {}));
  } catch (error) {
    if (error instanceof Handover) return HANDED_OVER;
    throw error;
  }
}

function outcome(evaluate: () => readonly unknown[]): unknown {
  try {
    return evaluate().map(described);
  } catch (error) {
    if (error instanceof Handover) throw error;
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function described(item: unknown): unknown {
  const [type] = fhirpath.types([item]);
  if (typeof item !== 'object' || item === null)
    return [type, typeof item === 'bigint' ? String(item) : item];
  if ('fhirNodeDataType' in item) {
    const node = item as unknown as {
      readonly path: unknown;
      readonly data: unknown;
      readonly _data: unknown;
    };
    return [type, node.path, plain(node.data), plain(node._data)];
  }
  return [type, plain(item)];
}

function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'toJSON' in value)
    return [value.constructor.name, String(value)];
  return value === undefined ? null : value;
}
