import type { Invariant } from './invariant.ts';
import type { PrimitiveCheck } from './primitives.ts';

/** A type, or a backbone element, compiled once from its StructureDefinition. */
export interface TypeNode {
  /** `Task`, `Period`, `Task.restriction`. */
  readonly name: string;
  readonly resource: boolean;
  /** This type and its ancestors: `Duration`, `Quantity`, `Element`. */
  readonly lineage: readonly string[];
  /** By JSON property; the types of a choice have one each. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly required: readonly RequiredElement[];
  /** Properties of which only one may be given. */
  readonly choices: readonly (readonly string[])[];
  /** Rules of the type, evaluated on its values. */
  readonly rules: readonly Invariant[];
}

interface RequiredElement {
  readonly name: string;
  /** The properties that fulfil it; several for a choice. */
  readonly keys: readonly string[];
  /** The same with an underscore: what stands beside a primitive value fulfils it too. */
  readonly besides: readonly string[];
}

export interface Field {
  readonly key: string;
  /** The property with id and extensions of a primitive: `_birthDate`. */
  readonly besideKey: string;
  /** The step in an expression: `value.ofType(Quantity)` for `valueQuantity`. */
  readonly step: string;
  /** `Task.input`, `Period.start`. */
  readonly path: string;
  readonly type: string;
  readonly array: boolean;
  /** A bit for the choice that the property is one of; 0 for no choice. */
  readonly choice: number;
  readonly kind: 'primitive' | 'plain' | 'complex' | 'resource' | 'xhtml';
  readonly primitive: PrimitiveCheck | undefined;
  readonly binding: Binding | undefined;
  /** Resource types that a Reference may point to; undefined for any. */
  readonly targets: ReadonlySet<string> | undefined;
  /** Rules of this element, evaluated on each of its values. */
  readonly rules: readonly Invariant[];
  /** For `complex`. */
  node(): TypeNode;
}

export interface Binding {
  readonly valueSet: string;
  readonly type: string;
  /** Else extensible: another code is right where the value set has none for the meaning. */
  readonly required: boolean;
}
