import type { Condition, Leaf, ParameterIds, TokenSetLeaf } from '../../fhir/search/query.ts';

interface Code {
  readonly system: string;
  readonly code: string;
}

/** What terminology answers for a search: the codes of a value set, or those above or below a code. */
export type ExpandCodes = (set: TokenSetLeaf['set']) => Promise<readonly Code[]>;

/** A token set with its codes. */
interface TokensLeaf {
  readonly kind: 'tokens';
  readonly parameters: ParameterIds;
  readonly codes: readonly Code[];
}

/** Any of these tokens: values alone, or each with its system. */
export interface TokenListLeaf {
  readonly kind: 'token-list';
  readonly parameters: ParameterIds;
  readonly values: readonly string[];
  readonly systems?: readonly string[];
  /** All are values of identifiers. */
  readonly identifies?: true;
}

export type ResolvedLeaf = Leaf | TokensLeaf | TokenListLeaf;

export type ResolvedCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly ResolvedCondition[] }
  | { readonly kind: 'not'; readonly of: ResolvedCondition }
  | ResolvedLeaf;

/** Replaces each token set by its codes, at any depth. */
export async function resolveCondition(
  condition: Condition,
  expand: ExpandCodes,
): Promise<ResolvedCondition> {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return {
        kind: condition.kind,
        of: await Promise.all(condition.of.map((each) => resolveCondition(each, expand))),
      };
    case 'not':
      return { kind: 'not', of: await resolveCondition(condition.of, expand) };
    case 'token-set':
      return { kind: 'tokens', parameters: condition.parameters, codes: await expand(condition.set) };
    case 'chain':
    case 'has':
      return { ...condition, where: (await resolveCondition(condition.where, expand)) as Condition };
    default:
      return condition;
  }
}
