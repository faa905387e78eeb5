import { badRequest, FhirError } from '../outcome.ts';
import { isSupportedType, SUPPORTED_TYPES } from '../types.ts';
import { compartmentParameters, compartmentTypes, isCompartmentType } from './compartments.ts';
import { indexedUnder, type ParameterRegistry, STANDARD_PARAMETERS } from './parameters.ts';
import { namedCondition } from './parse/condition.ts';
import { listed, type ParseContext } from './parse/context.ts';
import { type Control, controlParameter } from './parse/control.ts';
import type { Condition, IgnoredParameter, SearchQuery } from './query.ts';
import { DEFAULT_ZONE } from './values/interval.ts';

export interface ParseOptions {
  /** `strict` (the default): what is not understood is an error. `lenient`: it is left out and named in `ignored`. */
  readonly handling?: 'strict' | 'lenient' | undefined;
  /** Only resources in this compartment: `Patient/x/Task`. */
  readonly compartment?: { readonly type: string; readonly id: string } | undefined;
  /** Zone of dates without an offset; default Europe/Copenhagen. */
  readonly timezone?: string | undefined;
  /** Parameters known; default R4's. */
  readonly registry?: ParameterRegistry | undefined;
  /** Matches a page when `_count` does not say; default 50. */
  readonly defaultCount?: number | undefined;
  /** What `_count` is bounded to; default 1,000. */
  readonly maxCount?: number | undefined;
}

const CHAIN_DEPTH = 6;

/** Known in FHIR and refused here by name, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  _contained: 'contained resources are found with the resource that contains them, not by themselves',
  _containedType: 'contained resources are found with the resource that contains them, not by themselves',
  _query: 'there are no named queries here',
  _content: 'search the narrative with _text, or an element with its own parameter',
};

function searchedTypes(
  type: string | undefined,
  pairs: readonly (readonly [string, string])[],
  options: ParseOptions,
): readonly string[] {
  if (type !== undefined) {
    if (!isSupportedType(type)) {
      throw badRequest(
        `Resources of type "${type}" are not stored here; stored are: ${listed(SUPPORTED_TYPES)}`,
        undefined,
        'not-supported',
      );
    }
    return [type];
  }
  const named = pairs
    .filter(([name]) => name === '_type')
    .map(([, text]) => text.split(',').filter((each) => each !== ''));
  const wrong = named.flat().find((each) => !isSupportedType(each));
  if (wrong !== undefined) {
    throw badRequest(
      `"${wrong}" is not stored here; stored are: ${listed(SUPPORTED_TYPES)}`,
      'http._type',
      'not-supported',
    );
  }
  const { compartment, registry = STANDARD_PARAMETERS } = options;
  const all: readonly string[] =
    compartment !== undefined && isCompartmentType(compartment.type)
      ? compartmentTypes(registry, compartment.type)
      : SUPPORTED_TYPES;
  // Repeated `_type` is and, as with every parameter.
  return named.reduce<readonly string[]>(
    (types, wanted) => types.filter((each) => wanted.includes(each)),
    all,
  );
}

function compartmentCondition(types: readonly string[], options: ParseOptions): Condition | undefined {
  const { compartment, registry = STANDARD_PARAMETERS } = options;
  if (compartment === undefined) {
    return undefined;
  }
  const { type, id } = compartment;
  if (!isCompartmentType(type)) {
    throw badRequest(
      `"${type}" has no compartment; Patient, Encounter, RelatedPerson, Practitioner and Device have`,
      undefined,
      'not-supported',
    );
  }
  const members = types.flatMap((each) => compartmentParameters(registry, type, each));
  const parameters = [...new Set(members.flatMap((each) => indexedUnder(each)))];
  const own: Condition[] = types.includes(type)
    ? [
        {
          kind: 'all',
          of: [
            { kind: 'type', types: [type] },
            { kind: 'id', ids: [id] },
          ],
        },
      ]
    : [];
  if (parameters.length === 0 && own.length === 0) {
    throw badRequest(
      `${types.join(', ')} is never in the compartment of a ${type}; ${listed(compartmentTypes(registry, type))} are`,
      undefined,
      'not-supported',
    );
  }
  const member: Condition = { kind: 'reference', parameters, targets: [`${type}/${id}`] };
  return own.length === 0 ? member : { kind: 'any', of: parameters.length === 0 ? own : [member, ...own] };
}

/**
 * Reads a search (R4 search.html): `type` undefined is the system level, or a whole compartment.
 * The result is plain data, ready for `Reader.search`.
 *
 * @param parameters decoded names and values in order, without `_format` and `_pretty`
 * @throws FhirError 400 with one issue per parameter that is not understood (strict), each listing what is known
 */
export function parseSearch(
  type: string | undefined,
  parameters: Iterable<readonly [string, string]>,
  options: ParseOptions = {},
): SearchQuery {
  const pairs = [...parameters];
  const types = searchedTypes(type, pairs, options);
  const base: Omit<ParseContext, 'name'> = {
    registry: options.registry ?? STANDARD_PARAMETERS,
    zone: options.timezone ?? DEFAULT_ZONE,
    now: Date.now(),
    depth: CHAIN_DEPTH,
  };
  const control: Control = {
    sort: [],
    includes: [],
    count: options.defaultCount ?? 50,
    maxCount: options.maxCount ?? 1_000,
  };
  const compartment = compartmentCondition(types, options);
  const conditions: Condition[] = compartment === undefined ? [] : [compartment];
  const applied: (readonly [string, string])[] = [];
  const ignored: IgnoredParameter[] = [];
  const errors: FhirError[] = [];
  for (const [name, text] of pairs) {
    const context: ParseContext = { ...base, name };
    try {
      const refused = REFUSED[name.split(':')[0] as string];
      if (refused !== undefined) {
        throw badRequest(`${name} is not supported: ${refused}`, `http.${name}`, 'not-supported');
      }
      if (
        !controlParameter(context, types, control, name, text) &&
        !(name === '_type' && type === undefined)
      ) {
        conditions.push(namedCondition(context, types, name, text));
      }
      applied.push([name, text]);
    } catch (error) {
      if (!(error instanceof FhirError)) {
        throw error;
      }
      errors.push(error);
      ignored.push({ name, reason: error.message });
    }
  }
  if (errors.length > 0 && options.handling !== 'lenient') {
    throw new FhirError(
      400,
      errors.flatMap(({ outcome }) => outcome.issue),
    );
  }
  const { maxCount: _, ...rest } = control;
  return {
    types,
    where: { kind: 'all', of: conditions },
    total: 'none',
    explain: false,
    ...rest,
    applied,
    ignored,
  };
}
