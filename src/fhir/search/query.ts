/** How the range of the search value relates to the range of the stored value (R4 search.html#prefix). */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

/**
 * What a search asks for, per resource. Leaves name index parameters by their ids (`parameters.ts`), one for
 * each resource type that is searched; they look at one index row, so that two leaves may be met by two values.
 */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | Leaf;

export type Leaf =
  | TokenLeaf
  | TokenSetLeaf
  | StringLeaf
  | UriLeaf
  | ReferenceLeaf
  | DateLeaf
  | NumberLeaf
  | QuantityLeaf
  | CompositeLeaf
  | PresentLeaf
  | ChainLeaf
  | HasLeaf
  | IdLeaf
  | LastUpdatedLeaf
  | TypeLeaf
  | MemberLeaf
  | TextLeaf;

/** The ids of the index parameters that a leaf looks at, one a resource type. */
export type ParameterIds = readonly number[];

/** Code, Coding, Identifier, boolean …; `system` '' means "has none", absent means any. */
export interface TokenLeaf {
  readonly kind: 'token';
  readonly parameters: ParameterIds;
  readonly system?: string;
  readonly value?: string;
  /** The value of an identifier: few resources have it. */
  readonly identifies?: true;
}

/** `:in`, `:above`, `:below`: any code of a set that terminology works out when the search runs. */
export interface TokenSetLeaf {
  readonly kind: 'token-set';
  readonly parameters: ParameterIds;
  readonly set:
    | { readonly of: 'value-set'; readonly url: string }
    | { readonly of: 'above' | 'below'; readonly system: string; readonly code: string };
}

export interface StringLeaf {
  readonly kind: 'string';
  readonly parameters: ParameterIds;
  readonly match: 'starts' | 'exact' | 'contains';
  /** Folded (`values/fold.ts`) unless the match is exact. */
  readonly text: string;
}

export interface UriLeaf {
  readonly kind: 'uri';
  readonly parameters: ParameterIds;
  readonly match: 'exact' | 'above' | 'below';
  readonly uri: string;
}

export interface ReferenceLeaf {
  readonly kind: 'reference';
  readonly parameters: ParameterIds;
  /** Any of these: `Type/id`, an absolute URL, `canonical` or `canonical|version`. */
  readonly targets: readonly string[];
}

/** Half-open interval of milliseconds since 1970. */
export interface DateLeaf {
  readonly kind: 'date';
  readonly parameters: ParameterIds;
  /** The element does not repeat: two leaves of it speak of the same value. */
  readonly single: boolean;
  readonly prefix: Prefix;
  readonly low: number;
  readonly high: number;
}

export interface NumberLeaf {
  readonly kind: 'number';
  readonly parameters: ParameterIds;
  readonly prefix: Prefix;
  readonly value: number;
  /** The range that the number of digits implies: [low, high). */
  readonly low: number;
  readonly high: number;
}

export interface QuantityLeaf extends Omit<NumberLeaf, 'kind'> {
  readonly kind: 'quantity';
  /**
   * `canonical`: value, low and high are in this canonical UCUM unit; `code`: a code of this system; `unit`: code
   * or human unit, any system; absent: any unit.
   */
  readonly unit?:
    | { readonly by: 'canonical'; readonly code: string }
    | { readonly by: 'code'; readonly system: string; readonly code: string }
    | { readonly by: 'unit'; readonly text: string };
}

/** Both parts hold for the same element; at most one part of each value type. */
export interface CompositeLeaf {
  readonly kind: 'composite';
  readonly parameters: ParameterIds;
  readonly parts: readonly CompositePart[];
}

export type CompositePart = TokenLeaf | StringLeaf | ReferenceLeaf | DateLeaf | NumberLeaf | QuantityLeaf;

/** The element has any value: `:missing=false`. */
interface PresentLeaf {
  readonly kind: 'present';
  readonly parameters: ParameterIds;
  readonly table: IndexTable;
}

/** `subject:Patient.name=…`: the reference leads to a current resource of which `where` holds. */
interface ChainLeaf {
  readonly kind: 'chain';
  readonly parameters: ParameterIds;
  readonly types: readonly string[];
  readonly where: Condition;
}

/** `_has:Task:patient:status=…`: a current resource of `type` refers here by the parameters, and `where` holds of it. */
interface HasLeaf {
  readonly kind: 'has';
  readonly type: string;
  readonly parameters: ParameterIds;
  readonly where: Condition;
}

interface IdLeaf {
  readonly kind: 'id';
  readonly ids: readonly string[];
}

interface LastUpdatedLeaf {
  readonly kind: 'last-updated';
  readonly prefix: Prefix;
  readonly low: number;
  readonly high: number;
}

interface TypeLeaf {
  readonly kind: 'type';
  readonly types: readonly string[];
}

/** `_list`: is an item of this List. */
interface MemberLeaf {
  readonly kind: 'member';
  readonly list: string;
}

/** `_text`, `_content`: all words occur. */
interface TextLeaf {
  readonly kind: 'text';
  readonly parameters: ParameterIds;
  readonly words: string;
}

/** The tables that index values live in. */
export type IndexTable =
  | 'token'
  | 'string'
  | 'reference'
  | 'date'
  | 'quantity'
  | 'uri'
  | 'composite'
  | 'text';

export type SortKey =
  | { readonly by: 'last-updated' | 'id'; readonly descending: boolean }
  | {
      readonly by: 'parameter';
      readonly code: string;
      readonly parameters: ParameterIds;
      readonly table: Exclude<IndexTable, 'composite' | 'text'>;
      readonly descending: boolean;
    };

/** `_include` and `_revinclude`; parameters absent for `*`. */
export interface Include {
  readonly reverse: boolean;
  /** The type that has the reference. */
  readonly source: string;
  readonly parameters?: ParameterIds;
  /** Only resources of this type are followed (forward) or asked for (reverse). */
  readonly target?: string;
  readonly iterate: boolean;
}

export type Summary = 'true' | 'text' | 'data' | 'count' | 'false';

export interface SearchQuery {
  /** The types searched; every supported type at system level without `_type`. */
  readonly types: readonly string[];
  readonly where: Condition;
  /** Empty: by creation, newest first. */
  readonly sort: readonly SortKey[];
  /** Matches a page; 0 asks for the total only. */
  readonly count: number;
  readonly total: 'none' | 'estimate' | 'accurate';
  readonly includes: readonly Include[];
  readonly summary?: Summary;
  readonly elements?: readonly string[];
  /** Continuation that an earlier page gave as `next`. */
  readonly cursor?: string;
  readonly explain: boolean;
  /** The parameters that were understood, for the self link. */
  readonly applied: readonly (readonly [string, string])[];
  /** What lenient handling left out, with the reason. */
  readonly ignored: readonly IgnoredParameter[];
}

export interface IgnoredParameter {
  readonly name: string;
  readonly reason: string;
}
