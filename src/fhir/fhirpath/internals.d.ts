/** What fhirpath.js 5.2.0 keeps for itself and the compiler works with; the package exports these files untyped. */

type EngineFunction = (this: unknown, ...parameters: unknown[]) => unknown;

declare module 'fhirpath/src/types.js' {
  export interface TypeInfo {
    readonly name: string;
    readonly namespace: string | undefined;
    is(other: TypeInfo, model: unknown): boolean;
    isConvertibleTo(other: TypeInfo, model: unknown): boolean;
    isValid(model: unknown): boolean;
  }
  export interface ResourceNode {
    readonly data: unknown;
    readonly _data: unknown;
    readonly path: string | null;
    readonly fhirNodeDataType: string | null;
    convertData(): unknown;
    getTypeInfo(): TypeInfo;
  }
  export interface Temporal {
    readonly asStr: string;
    compare(other: unknown): number | null;
    _getPrecision(): number;
    _getDateObj(): Date;
  }
  export interface TemporalClass {
    new (context: unknown, text: string): Temporal;
    checkString(context: unknown, text: string): Temporal | null;
  }
  export interface Decimal {
    readonly value: number;
    negate(): Decimal;
    toString(): string;
  }
  const types: {
    readonly FP_Type: new () => object;
    readonly FP_DateTime: TemporalClass;
    readonly FP_Date: TemporalClass;
    readonly FP_Time: TemporalClass;
    readonly FP_Decimal_Native: { new (value: unknown): Decimal; getDecimal(value: unknown): Decimal };
    readonly FP_Quantity: new (context: unknown, value: unknown, unit: string | undefined) => object;
    readonly ResourceNode: { readonly prototype: ResourceNode; new (): ResourceNode };
    readonly TypeInfo: {
      new (parts: { readonly name: string; readonly namespace?: string | undefined }): TypeInfo;
      fromValue(value: unknown): TypeInfo;
      isType(type: string | null, supertype: string, model: unknown): boolean;
      isPrimitiveValue(value: unknown): boolean;
      readonly typeToClassWithCheckString: { readonly [type: string]: TemporalClass };
    };
  };
  export default types;
}

declare module 'fhirpath/src/deep-equal.js' {
  const module: {
    deepEqual(context: unknown, a: unknown, b: unknown, options?: { fuzzy: boolean }): boolean | undefined;
  };
  export default module;
}

declare module 'fhirpath/src/equality.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/collections.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/combining.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/existence.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/filtering.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/aggregate.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/math.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/misc.js' {
  const functions: { readonly [name: string]: EngineFunction } & {
    singleton(collection: readonly unknown[], type: string): unknown;
    createConvertsToFn(convert: EngineFunction, type: unknown): EngineFunction;
  };
  export default functions;
}

declare module 'fhirpath/src/strings.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}

declare module 'fhirpath/src/datetime.js' {
  const functions: { readonly [name: string]: EngineFunction };
  export default functions;
}
