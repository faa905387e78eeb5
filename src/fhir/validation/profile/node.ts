import type { Invariant } from '../invariant.ts';
import type { Binding } from '../type-node.ts';

/**
 * A profile compiled to what it adds to its base type. The base type's own rules are checked once, by the type's
 * node; here stands only what is stricter, so that a profile costs a fraction of the base check.
 */
export interface ProfileNode {
  readonly url: string;
  /** The type it constrains: `Patient`, `Identifier`, `Extension`. */
  readonly type: string;
  /** For an extension: where it may stand. */
  readonly contexts: readonly ExtensionContext[];
  /** For an extension: whether it is a modifier. */
  readonly modifier: boolean | undefined;
  readonly root: ProfileElement;
}

export interface ExtensionContext {
  readonly type: 'element' | 'extension' | 'fhirpath';
  readonly expression: string;
}

/** One element of the profile, with only its additions; elements without any are left out. */
export interface ProfileElement {
  /** As in the definition, `[x]` taken off. */
  readonly name: string;
  /**
   * The JSON properties that may hold it, by type: one, or all types of the base's choice. Each with the property of
   * what stands beside it.
   */
  readonly keys: readonly { readonly key: string; readonly besideKey: string; readonly type: string }[];
  readonly choice: boolean;
  readonly min: number;
  readonly max: number;
  /** Where the profile allows fewer types than the base. */
  readonly types: ReadonlySet<string> | undefined;
  readonly fixed: unknown;
  readonly pattern: unknown;
  readonly binding: Binding | undefined;
  readonly targets: ReadonlySet<string> | undefined;
  /** Profiles of which the value must meet one, by type. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
  readonly rules: readonly Invariant[];
  readonly maxLength: number | undefined;
  readonly minValue: number | string | undefined;
  readonly maxValue: number | string | undefined;
  readonly children: readonly ProfileElement[];
  readonly slicing: Slicing | undefined;
}

export interface Slicing {
  /** Whether items that fit no slice are wrong. */
  readonly closed: boolean;
  readonly slices: readonly Slice[];
}

export interface Slice {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly element: ProfileElement;
  /**
   * Whether items can be told to belong to it: not when its marks stand in a profile that is not known here. Such a
   * slice takes no items and is not counted.
   */
  readonly decidable: boolean;
  readonly discriminators: readonly Discriminator[];
}

/** How an item shows which slice it belongs to. */
export interface Discriminator {
  readonly type: 'value' | 'exists' | 'type' | 'profile';
  /** Steps from the item; none for `$this`. */
  readonly path: readonly Step[];
  /** For value: what must match, and where along the path. */
  readonly expected: readonly Expectation[];
  /** For type and profile. */
  readonly types: ReadonlySet<string>;
  readonly profiles: readonly string[];
  /** For exists. */
  readonly exists: boolean;
}

export type Step =
  | { readonly kind: 'child'; readonly name: string }
  | { readonly kind: 'extension'; readonly url: string }
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'resolve' };

export interface Expectation {
  /** Number of steps of the path after which it applies. */
  readonly depth: number;
  readonly fixed: unknown;
  readonly pattern: unknown;
  readonly binding: Binding | undefined;
}
