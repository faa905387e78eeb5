import type { Expression as FhirExpression, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { FhirPathError, parseFhirPath } from '../../fhir/fhirpath.ts';
import { errorIssue } from '../../fhir/outcome.ts';
import type { AgreementAt } from '../stays/context.ts';
import { type Binding, type Expression, expressionOf } from './expression.ts';

/** An Expression of a Measure and where it stands (FHIRPath of the element, for issues). */
export interface Located {
  readonly expression: FhirExpression | undefined;
  readonly path: string;
}

/** The compilation of one Measure's expressions. */
export interface Namespace {
  /** Undefined when the expression is refused; the issue says why and where. */
  compile(located: Located, focus: boolean): Expression | undefined;
}

const LANGUAGE = 'text/fhirpath';
/** Characters of all expressions of a Measure: parsing them takes a second on the server's own thread. */
const LONGEST = 200_000;
/** Names that FHIRPath itself sets. */
const STANDARD: ReadonlySet<string> = new Set([
  'context',
  'resource',
  'rootResource',
  'ucum',
  'sct',
  'loinc',
  'factory',
]);

/**
 * @param facts names that are set by whoever evaluates
 * @param named the Measure's own variables
 * @param issues gathers what is wrong
 */
export function namespaceOf(
  facts: ReadonlySet<string>,
  named: ReadonlyMap<string, Located>,
  agreementAt: AgreementAt | undefined,
  functions: UserInvocationTable,
  issues: OperationOutcomeIssue[],
): Namespace {
  const done = new Map<string, Expression | undefined>();
  const open: string[] = [];
  let length = 0;

  const variable = (name: string, located: Located): Expression | undefined => {
    if (done.has(name)) return done.get(name);
    open.push(name);
    const expression = compile(located, false);
    open.pop();
    done.set(name, expression);
    return expression;
  };

  const bind = (name: string): Binding | string | undefined => {
    if (facts.has(name)) return { kind: 'fact', name };
    if (name === 'asOf') return { kind: 'asOf' };
    if (name === 'agreement') {
      return agreementAt === undefined
        ? '%agreement needs the extension measure-agreement (admission or discharge) on the Measure'
        : { kind: 'agreement', at: agreementAt };
    }
    const located = named.get(name);
    if (located === undefined) {
      const known = [...facts, 'agreement', 'asOf', ...named.keys()].map((known) => `%${known}`).join(', ');
      return `%${name} is not known here; known are ${known}`;
    }
    if (open.includes(name))
      return `%${name} is defined by itself: ${[...open, name].map((n) => `%${n}`).join(' → ')}`;
    const expression = variable(name, located);
    return expression === undefined ? undefined : { kind: 'expression', expression };
  };

  const compile = ({ expression, path }: Located, focus: boolean): Expression | undefined => {
    const text = textOf(expression, path, issues);
    if (text === undefined) return undefined;
    if (length > LONGEST) return undefined;
    length += text.length;
    if (length > LONGEST) {
      const said = `The expressions of a Measure have at most ${LONGEST} characters together`;
      issues.push(errorIssue('too-long', said, `${path}.expression`));
      return undefined;
    }
    const own = new Set(
      [...text.matchAll(/defineVariable\(\s*'([A-Za-z_][A-Za-z0-9_]*)'/g)].map(([, name]) => name),
    );
    const bindings = new Map<string, Binding>();
    let refused = false;
    try {
      parseFhirPath(text, (node) => {
        const name =
          node.type === 'ExternalConstantTerm' ? node.text?.replace(/^['"`]|['"`]$/g, '') : undefined;
        if (name === undefined || bindings.has(name) || STANDARD.has(name) || own.has(name)) return undefined;
        const binding = bind(name);
        if (typeof binding === 'string') return binding;
        if (binding === undefined) refused = true;
        else bindings.set(name, binding);
        return undefined;
      });
      return refused ? undefined : expressionOf(text, bindings, functions, focus);
    } catch (error) {
      issues.push(refusal(error, `${path}.expression`));
      return undefined;
    }
  };

  return { compile };
}

function textOf(
  expression: FhirExpression | undefined,
  path: string,
  issues: OperationOutcomeIssue[],
): string | undefined {
  if (expression === undefined) {
    issues.push(errorIssue('required', `Give the expression in ${LANGUAGE}`, path));
    return undefined;
  }
  if (expression.language !== LANGUAGE) {
    const said = expression.language === undefined ? 'no language' : `"${expression.language}"`;
    issues.push(
      errorIssue(
        'not-supported',
        `The criteria are in ${said}; Overgang evaluates ${LANGUAGE}`,
        `${path}.language`,
      ),
    );
    return undefined;
  }
  if (!expression.expression) {
    issues.push(
      errorIssue(
        'required',
        'Write the expression itself here; a reference to one is not followed',
        `${path}.expression`,
      ),
    );
    return undefined;
  }
  return expression.expression;
}

function refusal(error: unknown, path: string): OperationOutcomeIssue {
  if (!(error instanceof FhirPathError))
    return errorIssue('invalid', error instanceof Error ? error.message : String(error), path);
  const at = error.position;
  const where =
    at === undefined || error.message.includes(`line ${at.line}`)
      ? ''
      : ` (line ${at.line}, column ${at.column})`;
  return errorIssue('invalid', `${error.message}${where}`, path);
}
