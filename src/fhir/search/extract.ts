import type { CompositeRow, IndexRows, TokenRow } from './index-rows.ts';
import { type Component, type Parameter, type ParameterRegistry, parameterId } from './parameters.ts';
import type { TypedValue } from './path.ts';
import { fold } from './values/fold.ts';
import { readDate } from './values/read-date.ts';
import { readQuantity } from './values/read-quantity.ts';
import { type ReferenceValues, readReference } from './values/read-reference.ts';
import { readStrings } from './values/read-string.ts';
import { readToken, type Token, type TokenValues } from './values/read-token.ts';
import { textRows } from './values/words.ts';

type Draft = { [Table in keyof IndexRows]: IndexRows[Table][number][] };

/** More combinations than this of one element's values are no composite anybody searches for. */
const COMBINATIONS = 256;

function distinct(texts: readonly string[]): Iterable<string> {
  return texts.length < 2 ? texts : new Set(texts);
}

function addStrings(draft: Draft, parameter: number, texts: readonly string[]): void {
  for (const exact of distinct(texts)) {
    const folded = fold(exact);
    if (folded !== '') {
      draft.strings.push({ parameter, folded, exact });
    }
  }
}

function addTokens(draft: Draft, parameter: number, tokens: readonly Token[]): void {
  if (tokens.length < 2) {
    for (const { system, value } of tokens) draft.tokens.push({ parameter, system, value, first: true });
    return;
  }
  const seen = new Set<string>();
  const values = new Set<string>();
  for (const { system, value } of tokens) {
    const key = `${system}|${value}`;
    if (!seen.has(key)) {
      seen.add(key);
      draft.tokens.push({ parameter, system, value, first: !values.has(value) } satisfies TokenRow);
      values.add(value);
    }
  }
}

/** The values of an element, or of all elements: mostly there is one. */
function gathered<Read, Value>(
  read: readonly Read[],
  of: (each: Read) => readonly Value[],
): readonly Value[] {
  return read.length === 1 ? of(read[0] as Read) : read.flatMap(of);
}

const tokensOf = ({ tokens }: TokenValues) => tokens;
const ofTypeOf = ({ ofType }: TokenValues) => ofType;
const textsOf = ({ texts }: TokenValues) => texts;
const targetsOf = ({ targets }: ReferenceValues) => targets;
const identifiersOf = ({ identifiers }: ReferenceValues) => identifiers;

function extractToken(
  draft: Draft,
  { id, resourceType, code }: Parameter,
  values: readonly TypedValue[],
): void {
  const read = values.map(readToken);
  addTokens(draft, id, gathered(read, tokensOf));
  const ofType = gathered(read, ofTypeOf);
  if (ofType.length > 0) {
    addTokens(draft, parameterId(resourceType, code, 'of-type'), ofType);
  }
  const texts = gathered(read, textsOf);
  if (texts.length > 0) {
    addStrings(draft, parameterId(resourceType, code, 'text'), texts);
  }
}

function extractReference(
  draft: Draft,
  { id, resourceType, code }: Parameter,
  values: readonly TypedValue[],
): void {
  const read = values.map(readReference);
  for (const target of distinct(gathered(read, targetsOf))) {
    draft.references.push({ parameter: id, target });
  }
  const identifiers = gathered(read, identifiersOf);
  if (identifiers.length > 0) {
    addTokens(draft, parameterId(resourceType, code, 'identifier'), identifiers);
  }
}

type Part = Omit<CompositeRow, 'parameter'>;

function componentParts({ type }: Component, value: TypedValue, zone: string | undefined): Part[] {
  switch (type) {
    case 'token':
      return readToken(value).tokens.map((token) => ({ token }));
    case 'string':
      return readStrings(value).map((exact) => ({ string: { exact, folded: fold(exact) } }));
    case 'reference':
      return readReference(value).targets.map((reference) => ({ reference }));
    case 'date': {
      const date = readDate(value, zone);
      return date === undefined ? [] : [{ date }];
    }
    default: {
      const quantity = readQuantity(value);
      return quantity === undefined ? [] : [{ quantity }];
    }
  }
}

function combine(left: Part, right: Part): Part {
  // Two codes: the first component's is `token`, the second's `token2`.
  return left.token !== undefined && right.token !== undefined
    ? { ...left, token2: right.token }
    : { ...left, ...right };
}

/** Undefined when any is missing: the last, for most have a code. */
function componentValues(
  components: readonly Component[],
  element: TypedValue,
): readonly (readonly TypedValue[])[] | undefined {
  const found: (readonly TypedValue[])[] = [];
  for (let index = components.length - 1; index >= 0; index--) {
    const values = (components[index] as Component).find(element);
    if (values.length === 0) return undefined;
    found[index] = values;
  }
  return found;
}

function extractComposite(
  draft: Draft,
  parameter: Parameter,
  values: readonly TypedValue[],
  zone?: string,
): void {
  for (const element of values) {
    const found = componentValues(parameter.components, element);
    if (found === undefined) {
      continue;
    }
    const parts = parameter.components.map((component, index) =>
      (found[index] as readonly TypedValue[]).flatMap((value) => componentParts(component, value, zone)),
    );
    const rows = parts.reduce<readonly Part[]>(
      (rows, next) => rows.flatMap((left) => next.map((right) => combine(left, right))),
      [{}],
    );
    draft.composites.push(...rows.slice(0, COMBINATIONS).map((row) => ({ parameter: parameter.id, ...row })));
  }
}

function extractParameter(draft: Draft, parameter: Parameter, resource: unknown, zone?: string): void {
  const values = parameter.path.find(resource);
  if (values.length === 0) {
    return;
  }
  switch (parameter.type) {
    case 'token':
      extractToken(draft, parameter, values);
      return;
    case 'string':
      addStrings(draft, parameter.id, values.flatMap(readStrings));
      return;
    case 'reference':
      extractReference(draft, parameter, values);
      return;
    case 'composite':
      extractComposite(draft, parameter, values, zone);
      return;
    case 'uri':
      for (const uri of new Set(values.map(({ value }) => value))) {
        if (typeof uri === 'string' && uri !== '') {
          draft.uris.push({ parameter: parameter.id, uri });
        }
      }
      return;
    case 'date':
      for (const value of values) {
        const interval = readDate(value, zone);
        if (interval !== undefined) {
          draft.dates.push({ parameter: parameter.id, low: interval.low, high: interval.high });
        }
      }
      return;
    default:
      for (const value of values) {
        const quantity = readQuantity(value);
        if (quantity !== undefined) {
          draft.quantities.push({ parameter: parameter.id, ...quantity });
        }
      }
  }
}

/** What the mark of a value that leads elsewhere names: no resource is called so. */
const ELSEWHERE = 'elsewhere';

/** The wider parameter has the rows; of this one there is only a mark where its value leads to another type. */
function markElsewhere(
  draft: Draft,
  { resourceType, code, path }: Parameter,
  wide: Parameter | undefined,
  resource: unknown,
): void {
  if (wide !== undefined && wide.path.find(resource).length > 0 && path.find(resource).length === 0) {
    draft.references.push({ parameter: parameterId(resourceType, code, 'elsewhere'), target: ELSEWHERE });
  }
}

/**
 * The index values of one resource: everything by which a search can find it. Pure; the same resource always
 * gives the same rows in the same order.
 * @param zone of dates without an offset; default Europe/Copenhagen
 */
export function extractIndexRows(
  resource: { readonly resourceType: string },
  registry: ParameterRegistry,
  zone?: string,
): IndexRows {
  const draft: Draft = {
    tokens: [],
    strings: [],
    references: [],
    dates: [],
    quantities: [],
    uris: [],
    composites: [],
    texts: textRows(resource),
  };
  const parameters = registry.of(resource.resourceType);
  for (const parameter of parameters.values()) {
    const { code, under, only } = parameter;
    if (only !== undefined) {
      markElsewhere(draft, parameter, parameters.get(under[0] as string), resource);
    } else if (under.includes(code)) {
      extractParameter(draft, parameter, resource, zone);
    }
  }
  return draft;
}
