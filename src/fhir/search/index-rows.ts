/** The values by which one resource is found; what the index tables hold of it. Numbers `parameter` are parameter ids. */
export interface IndexRows {
  readonly tokens: readonly TokenRow[];
  readonly strings: readonly StringRow[];
  readonly references: readonly ReferenceRow[];
  readonly dates: readonly DateRow[];
  readonly quantities: readonly QuantityRow[];
  readonly uris: readonly UriRow[];
  readonly composites: readonly CompositeRow[];
  readonly texts: readonly TextRow[];
}

export interface TokenRow {
  readonly parameter: number;
  /** '' when the code has no system. */
  readonly system: string;
  readonly value: string;
  /** Whether this is the first row of this parameter and value (another system may follow): one row a resource. */
  readonly first: boolean;
}

interface StringRow {
  readonly parameter: number;
  readonly folded: string;
  readonly exact: string;
}

interface ReferenceRow {
  readonly parameter: number;
  /** `Type/id`, an absolute URL, or a canonical (once with, once without its version). */
  readonly target: string;
}

interface DateRow {
  readonly parameter: number;
  readonly low: number;
  readonly high: number;
}

/** Also numbers: then system, code, unit and canonical are absent. */
export interface QuantityRow {
  readonly parameter: number;
  readonly low: number;
  readonly high: number;
  readonly system?: string;
  readonly code?: string;
  readonly unit?: string;
  readonly canonical?: { readonly low: number; readonly high: number; readonly unit: string };
}

interface UriRow {
  readonly parameter: number;
  readonly uri: string;
}

/** One combination of component values of one element. */
export interface CompositeRow {
  readonly parameter: number;
  readonly token?: Omit<TokenRow, 'parameter' | 'first'>;
  /** The second token, where both components are codes. */
  readonly token2?: Omit<TokenRow, 'parameter' | 'first'>;
  readonly string?: Omit<StringRow, 'parameter'>;
  readonly reference?: string;
  readonly date?: Omit<DateRow, 'parameter'>;
  readonly quantity?: Omit<QuantityRow, 'parameter'>;
}

/** Words of the narrative (`_text`) or of all strings (`_content`), folded. */
export interface TextRow {
  readonly parameter: number;
  readonly words: string;
}
