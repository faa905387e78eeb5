import type { ValueSet, ValueSetComposeInclude, ValueSetExpansionContains } from '@medplum/fhirtypes';
import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { type Concept, type ConceptIndex, indexConcepts } from './concepts.ts';
import { passes } from './filters.ts';
import { inOpenSystem } from './open-systems.ts';

/**
 * Answers whether a code is in a value set: true, false, or undefined when that cannot be known here (a code system
 * without its content, a filter that only its own server understands). Without a system any system will do, as
 * for an element of type code.
 */
export type Membership = (system: string | undefined, code: string) => boolean | undefined;

const memberships = new WeakMap<DefinitionSource, Map<string, Membership | undefined>>();
const DEEPEST = 20;

/** The membership test of a value set by URL; undefined when the source does not know the value set. */
export function membershipOf(source: DefinitionSource, url: string): Membership | undefined {
  return find(source, url, 0);
}

/** The membership test of a value set at hand, which may refer to others in the source. */
export function membershipIn(source: DefinitionSource, valueSet: ValueSet): Membership {
  return compile(source, valueSet, 0);
}

function find(source: DefinitionSource, url: string, depth: number): Membership | undefined {
  let known = memberships.get(source);
  if (known === undefined) {
    known = new Map();
    memberships.set(source, known);
  }
  const plain = withoutVersion(url);
  if (!known.has(plain)) {
    const valueSet = source.valueSet(url);
    known.set(plain, valueSet === undefined ? undefined : compile(source, valueSet, depth));
  }
  return known.get(plain);
}

function compile(source: DefinitionSource, valueSet: ValueSet, depth: number): Membership {
  if (depth > DEEPEST) {
    return () => undefined;
  }
  const compose = valueSet.compose;
  if (compose === undefined) {
    return valueSet.expansion === undefined ? () => undefined : expanded(valueSet.expansion.contains ?? []);
  }
  const includes = compose.include.map((include) => compileInclude(source, include, depth));
  const excludes = (compose.exclude ?? []).map((exclude) => compileInclude(source, exclude, depth));
  return (system, code) => {
    const included = any(includes, system, code);
    if (included === false || excludes.length === 0) {
      return included;
    }
    const excluded = any(excludes, system, code);
    return excluded === true ? false : excluded === undefined ? undefined : included;
  };
}

function any(parts: readonly Membership[], system: string | undefined, code: string): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const part of parts) {
    const one = part(system, code);
    if (one === true) {
      return true;
    }
    if (one === undefined) {
      answer = undefined;
    }
  }
  return answer;
}

/** A code is in an include when it is in its system part and in all of its value sets. */
function compileInclude(
  source: DefinitionSource,
  include: ValueSetComposeInclude,
  depth: number,
): Membership {
  const parts: Membership[] = (include.valueSet ?? []).map(
    (url) => find(source, url, depth + 1) ?? (() => undefined),
  );
  if (include.system !== undefined) {
    parts.push(systemPart(source, include, include.system));
  }
  return (system, code) => {
    let answer: boolean | undefined = parts.length > 0;
    for (const part of parts) {
      const one = part(system, code);
      if (one === false) {
        return false;
      }
      if (one === undefined) {
        answer = undefined;
      }
    }
    return answer;
  };
}

function systemPart(source: DefinitionSource, include: ValueSetComposeInclude, system: string): Membership {
  const inSystem = codesOf(source, include, system);
  return (asked, code) => (asked === undefined || asked === system ? inSystem(code) : false);
}

function codesOf(
  source: DefinitionSource,
  include: ValueSetComposeInclude,
  system: string,
): (code: string) => boolean | undefined {
  if (include.concept !== undefined) {
    const codes = new Set(include.concept.map(({ code }) => code));
    return (code) => codes.has(code);
  }
  // Looked up at the first question: most value sets of a profile are never asked.
  let index: ConceptIndex | null | undefined;
  return (code) => {
    if (index === undefined) {
      const found = source.codeSystem(system);
      index = found === undefined || found.content === 'not-present' ? null : indexConcepts(found);
    }
    const open = inOpenSystem(system, code);
    if (index === null) {
      return include.filter === undefined ? open : open === false ? false : undefined;
    }
    const concept = index.find(code);
    if (concept === undefined) {
      return index.system.content === 'complete' ? false : undefined;
    }
    return passesAll(index, concept, include);
  };
}

function passesAll(
  index: ConceptIndex,
  concept: Concept,
  include: ValueSetComposeInclude,
): boolean | undefined {
  let answer: boolean | undefined = true;
  for (const filter of include.filter ?? []) {
    const one = passes(index, concept, filter);
    if (one === false) {
      return false;
    }
    if (one === undefined) {
      answer = undefined;
    }
  }
  return answer;
}

function expanded(contains: readonly ValueSetExpansionContains[]): Membership {
  const pairs = new Set<string>();
  const codes = new Set<string>();
  const waiting = [...contains];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.code !== undefined && next.abstract !== true) {
      pairs.add(`${next.system ?? ''}|${next.code}`);
      codes.add(next.code);
    }
    waiting.push(...(next.contains ?? []));
  }
  return (system, code) => (system === undefined ? codes.has(code) : pairs.has(`${system}|${code}`));
}
