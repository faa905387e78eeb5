import type { SearchParameter } from '@medplum/fhirtypes';
import { branchesOf } from './path.ts';

/**
 * Parameters of one type often speak of the same values: `patient` is a `subject` that is a citizen, `combo-code` is
 * `code` and `component-code`, a phonetic name is a name. Such values are indexed once.
 */
export interface SharedRows {
  /** Codes of the parameters whose rows together are those of this one. */
  readonly under: readonly string[];
  /** Of references: only rows that lead to this type. */
  readonly only?: string;
}

interface Candidate {
  readonly code: string;
  readonly type: string;
  readonly branches: readonly string[];
  readonly components: string;
}

function candidate(definition: SearchParameter, resourceType: string): Candidate {
  return {
    code: definition.code as string,
    type: definition.type as string,
    branches: branchesOf(definition.expression ?? '', resourceType),
    components: componentsOf(definition),
  };
}

function componentsOf({ component = [] }: SearchParameter): string {
  return JSON.stringify(component.map(({ expression }) => expression));
}

/** Whether two definitions give the same rows. */
export function sameRows(one: SearchParameter, other: SearchParameter): boolean {
  return (
    one.type === other.type &&
    one.expression === other.expression &&
    componentsOf(one) === componentsOf(other)
  );
}

/** Others that find nothing but what this one finds, and together all of it. */
function partsOf(one: Candidate, all: readonly Candidate[]): readonly string[] | undefined {
  const parts = all.filter(
    (each) =>
      each !== one &&
      each.type === one.type &&
      each.components === one.components &&
      each.branches.length > 0 &&
      each.branches.every((branch) => one.branches.includes(branch)) &&
      // Of two that are the same, the first by name has the rows.
      (each.branches.length < one.branches.length || each.code < one.code),
  );
  const found = new Set(parts.flatMap(({ branches }) => branches));
  return one.branches.length > 0 && one.branches.every((branch) => found.has(branch))
    ? parts.map(({ code }) => code)
    : undefined;
}

const WHERE_LEADS = /^(.*)\.where\(resolve\(\) is ([A-Za-z]+)\)$/;

/** A reference to one type, among the values of a parameter for references to several. */
function narrowed(one: Candidate, all: readonly Candidate[]): SharedRows | undefined {
  const [, path, only] = WHERE_LEADS.exec(one.branches[0] ?? '') ?? [];
  if (one.type !== 'reference' || one.branches.length !== 1 || only === undefined) {
    return undefined;
  }
  const wide = all.find(
    ({ type, branches }) => type === 'reference' && branches.length === 1 && branches[0] === path,
  );
  return wide === undefined ? undefined : { under: [wide.code], only };
}

/**
 * Which of a type's parameters have no rows of their own.
 * @param repeats whether a parameter can have several values: which of them led where could then not be told
 */
export function sharedRowsOf(
  definitions: readonly SearchParameter[],
  resourceType: string,
  repeats: (code: string) => boolean,
): ReadonlyMap<string, SharedRows> {
  const all = definitions.map((definition) => candidate(definition, resourceType));
  const found = new Map<string, SharedRows>();
  for (const one of all) {
    const parts = partsOf(one, all);
    const shared = parts === undefined ? narrowed(one, all) : { under: parts };
    if (shared !== undefined && (shared.only === undefined || !repeats(shared.under[0] as string))) {
      found.set(one.code, shared);
    }
  }
  // Rows that are nobody's own cannot be shared.
  const own = [...found].filter(([, { under }]) => under.every((code) => !found.has(code)));
  return new Map(own);
}
