import type {
  CodeSystem,
  CodeSystemConceptDesignation,
  ValueSet,
  ValueSetComposeInclude,
} from '@medplum/fhirtypes';
import type { DefinitionSource } from '../definitions.ts';
import { errorIssue, FhirError } from '../outcome.ts';
import { type Concept, indexConcepts } from './concepts.ts';
import { passes } from './filters.ts';
import { membershipIn } from './membership.ts';

/** One code of a value set. */
export interface Member {
  readonly system: string;
  readonly code: string;
  readonly display: string | undefined;
  readonly designation: readonly CodeSystemConceptDesignation[];
  readonly abstract: boolean;
  readonly inactive: boolean;
  /** The code system, where its content is known here. */
  readonly codeSystem: CodeSystem | undefined;
}

const MOST = 100_000;
const DEEPEST = 20;

/**
 * All codes of a value set, in the order of its includes, each once.
 * @throws FhirError 422 when they cannot be listed here: a code system without its content, an unknown value set
 *   among its parts, a filter that only the system's own server understands, more than 100,000 codes
 */
export function membersOf(source: DefinitionSource, valueSet: ValueSet): readonly Member[] {
  return [...collect(source, valueSet, 0).values()];
}

function collect(source: DefinitionSource, valueSet: ValueSet, depth: number): Map<string, Member> {
  if (depth > DEEPEST) {
    throw cannot(`the value set ${valueSet.url ?? ''} refers to itself, or too deeply to others`);
  }
  const found = new Map<string, Member>();
  const add = (member: Member) => {
    const key = `${member.system}|${member.code}`;
    if (!found.has(key)) {
      found.set(key, member);
      if (found.size > MOST) {
        throw cannot(
          `the value set has more than ${MOST} codes; ask with a filter of its own server`,
          'too-costly',
        );
      }
    }
  };
  const { compose } = valueSet;
  if (compose === undefined) {
    listed(source, valueSet).forEach(add);
    return found;
  }
  for (const include of compose.include) {
    for (const member of included(source, include, depth)) {
      add(member);
    }
  }
  for (const exclude of compose.exclude ?? []) {
    const excluded = membershipIn(source, { ...valueSet, compose: { include: [exclude] } });
    for (const [key, member] of found) {
      if (excluded(member.system, member.code) !== false) {
        found.delete(key);
      }
    }
  }
  return found;
}

function included(
  source: DefinitionSource,
  include: ValueSetComposeInclude,
  depth: number,
): readonly Member[] {
  const sets = (include.valueSet ?? []).map((url) => {
    const set = source.valueSet(url);
    if (set === undefined) {
      throw cannot(`the value set ${url}, which it includes, is not known here`, 'not-found');
    }
    return collect(source, set, depth + 1);
  });
  const own = include.system === undefined ? undefined : ofSystem(source, include, include.system);
  const [first, ...others] =
    own === undefined ? sets.map((set) => [...set.values()]) : [own, ...sets.map((set) => [...set.values()])];
  // What several parts of one include have in common.
  const keys = others.map((members) => new Set(members.map(({ system, code }) => `${system}|${code}`)));
  return (first ?? []).filter(({ system, code }) => keys.every((set) => set.has(`${system}|${code}`)));
}

function ofSystem(
  source: DefinitionSource,
  include: ValueSetComposeInclude,
  system: string,
): readonly Member[] {
  const found = source.codeSystem(include.version === undefined ? system : `${system}|${include.version}`);
  const content = found?.content === 'not-present' ? undefined : found;
  const index = content === undefined ? undefined : indexConcepts(content);
  if (include.concept !== undefined) {
    return include.concept.map(({ code = '', display, designation }) => {
      const concept = index?.find(code);
      return {
        system,
        code,
        display: display ?? concept?.definition.display,
        designation: designation ?? concept?.definition.designation ?? [],
        abstract: false,
        inactive: concept?.inactive === true,
        codeSystem: content,
      };
    });
  }
  if (index === undefined) {
    throw cannot(`the content of the code system ${system} is not known here; load its package`, 'not-found');
  }
  return [...index.concepts.values()]
    .filter((concept) =>
      (include.filter ?? []).every((filter) => {
        const passed = passes(index, concept, filter);
        if (passed === undefined) {
          throw cannot(
            `the filter ${filter.property} ${filter.op} of ${system} is not supported here`,
            'not-supported',
          );
        }
        return passed;
      }),
    )
    .map((concept) => memberOf(system, concept, index.system));
}

function memberOf(system: string, concept: Concept, codeSystem: CodeSystem): Member {
  const { display, designation } = concept.definition;
  const { code, abstract, inactive } = concept;
  return { system, code, display, designation: designation ?? [], abstract, inactive, codeSystem };
}

/** The codes of an expansion that came with the value set. */
function listed(source: DefinitionSource, valueSet: ValueSet): Member[] {
  if (valueSet.expansion === undefined) {
    throw cannot(`the value set ${valueSet.url ?? ''} has neither a definition (compose) nor an expansion`);
  }
  const members: Member[] = [];
  const waiting = [...(valueSet.expansion.contains ?? [])].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { system, code, display, designation, abstract, inactive, contains } = next;
    if (system !== undefined && code !== undefined) {
      members.push({
        system,
        code,
        display,
        designation: designation ?? [],
        abstract: abstract === true,
        inactive: inactive === true,
        codeSystem: source.codeSystem(system),
      });
    }
    waiting.push(...[...(contains ?? [])].reverse());
  }
  return members;
}

function cannot(
  why: string,
  code: 'not-found' | 'not-supported' | 'too-costly' | 'business-rule' = 'business-rule',
): FhirError {
  return new FhirError(422, [errorIssue(code, `The value set cannot be expanded: ${why}`)]);
}
