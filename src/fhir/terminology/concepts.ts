import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from '@medplum/fhirtypes';

/** One concept of a code system, with its place in the hierarchy. */
export interface Concept {
  readonly code: string;
  readonly definition: CodeSystemConcept;
  /** Codes one level up: by nesting, or by the properties `parent` and `subsumedBy`. */
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** May structure the system but not be used as a value (`notSelectable`, `abstract`). */
  readonly abstract: boolean;
  /** Retired, deprecated or otherwise no longer in use. */
  readonly inactive: boolean;
}

export interface ConceptIndex {
  readonly system: CodeSystem;
  /** By code as written; in the order of the definition. */
  readonly concepts: ReadonlyMap<string, Concept>;
  /** Finds by code, in any case when the system is not case-sensitive. */
  find(code: string): Concept | undefined;
}

const indexes = new WeakMap<CodeSystem, ConceptIndex>();

/** The concepts of a code system by code; made once per CodeSystem object. */
export function indexConcepts(system: CodeSystem): ConceptIndex {
  let index = indexes.get(system);
  if (index === undefined) {
    index = build(system);
    indexes.set(system, index);
  }
  return index;
}

interface Draft {
  readonly definition: CodeSystemConcept;
  readonly parents: string[];
  readonly children: string[];
}

function build(system: CodeSystem): ConceptIndex {
  const drafts = new Map<string, Draft>();
  collect(system.concept ?? [], drafts);
  for (const [code, draft] of drafts) {
    for (const property of draft.definition.property ?? []) {
      const other = property.valueCode === undefined ? undefined : drafts.get(property.valueCode);
      if (other !== undefined && (property.code === 'parent' || property.code === 'subsumedBy')) {
        link(other, property.valueCode as string, draft, code);
      } else if (other !== undefined && property.code === 'child') {
        link(draft, code, other, property.valueCode as string);
      }
    }
  }
  const concepts = new Map<string, Concept>();
  const folded = new Map<string, Concept>();
  for (const [code, draft] of drafts) {
    const concept = {
      code,
      ...draft,
      abstract: isAbstract(draft.definition),
      inactive: isInactive(draft.definition),
    };
    concepts.set(code, concept);
    folded.set(code.toLowerCase(), concept);
  }
  const anyCase = system.caseSensitive === false;
  return {
    system,
    concepts,
    find: (code) => concepts.get(code) ?? (anyCase ? folded.get(code.toLowerCase()) : undefined),
  };
}

/** Large hierarchies are deep as well as wide: no recursion. */
function collect(roots: readonly CodeSystemConcept[], drafts: Map<string, Draft>): void {
  const waiting: { readonly concept: CodeSystemConcept; readonly parent?: string }[] = [...roots]
    .reverse()
    .map((concept) => ({ concept }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { concept, parent } = next;
    const code = concept.code ?? '';
    const draft = drafts.get(code) ?? { definition: concept, parents: [], children: [] };
    drafts.set(code, draft);
    const above = parent === undefined ? undefined : drafts.get(parent);
    if (above !== undefined && parent !== undefined) {
      link(above, parent, draft, code);
    }
    for (const child of [...(concept.concept ?? [])].reverse()) {
      waiting.push({ concept: child, parent: code });
    }
  }
}

function link(parent: Draft, parentCode: string, child: Draft, childCode: string): void {
  if (!child.parents.includes(parentCode)) {
    child.parents.push(parentCode);
    parent.children.push(childCode);
  }
}

function property(concept: CodeSystemConcept, code: string): CodeSystemConceptProperty | undefined {
  return concept.property?.find((candidate) => candidate.code === code);
}

function isAbstract(concept: CodeSystemConcept): boolean {
  return (
    property(concept, 'notSelectable')?.valueBoolean === true ||
    property(concept, 'abstract')?.valueBoolean === true
  );
}

function isInactive(concept: CodeSystemConcept): boolean {
  const status = property(concept, 'status')?.valueCode;
  return (
    property(concept, 'inactive')?.valueBoolean === true ||
    status === 'retired' ||
    status === 'deprecated' ||
    status === 'inactive'
  );
}

/** Whether `code` is `ancestor` or below it. Hierarchies may join, and wrong ones may run in circles. */
export function isBelow(index: ConceptIndex, code: string, ancestor: string): boolean {
  const seen = new Set<string>();
  const waiting = [code];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === ancestor) {
      return true;
    }
    if (!seen.has(next)) {
      seen.add(next);
      waiting.push(...(index.concepts.get(next)?.parents ?? []));
    }
  }
  return false;
}
