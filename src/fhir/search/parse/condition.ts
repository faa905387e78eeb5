import { isSupportedType } from '../../types.ts';
import { parameterId } from '../parameters.ts';
import type { Condition } from '../query.ts';
import { words } from '../values/words.ts';
import { idsOf, listed, type ParameterGroup, type ParseContext, refuse } from './context.ts';
import { parseFilter } from './filter.ts';
import { leafCondition } from './leaf.ts';
import { checkTargetModifier, targetTypes } from './reference.ts';
import { splitUnescaped, unescapeValue } from './split.ts';
import { dateLeaf } from './values.ts';

const SPECIAL = ['_id', '_lastUpdated', '_list', '_text', '_filter', '_type', '_has'] as const;

/** The codes that a search of these types may use. */
export function knownCodes(context: ParseContext, types: readonly string[]): string[] {
  const [first, ...rest] = types.map((type) => [...context.registry.of(type).keys()]);
  return (first ?? []).filter((code) => rest.every((codes) => codes.includes(code)));
}

/** The parameter in each of the types; undefined when one of them lacks it or has it of another kind. */
export function findGroup(
  context: ParseContext,
  types: readonly string[],
  code: string,
): ParameterGroup | undefined {
  const members = types.map((type) => context.registry.of(type).get(code));
  const [first] = members;
  if (first === undefined || members.some((each) => each?.type !== first.type)) {
    return undefined;
  }
  return { code, type: first.type, members: members.filter((each) => each !== undefined) };
}

function unknown(context: ParseContext, types: readonly string[], code: string): Error {
  if (types.some((type) => context.registry.waiting?.(type).has(code))) {
    const text = `"${code}" is not indexed yet: the resources that were here before it are being worked through. SearchParameter/$index-status tells how far; try again later, or leave it out`;
    return refuse(context, text, 'not-supported');
  }
  const of = types.length === 1 ? types[0] : 'a search over several types';
  const known = listed([...SPECIAL, ...knownCodes(context, types)]);
  return refuse(context, `"${code}" is no search parameter of ${of}; known are: ${known}`, 'not-supported');
}

function special(
  context: ParseContext,
  types: readonly string[],
  code: string,
  text: string,
): Condition | undefined {
  const values = splitUnescaped(text, ',')
    .map(unescapeValue)
    .filter((value) => value !== '');
  if (SPECIAL.includes(code as (typeof SPECIAL)[number]) && values.length === 0) {
    throw refuse(context, `"${code}" has no value`);
  }
  switch (code) {
    case '_id':
      return { kind: 'id', ids: values };
    case '_lastUpdated': {
      const leaves = splitUnescaped(text, ',').map((value): Condition => {
        const { prefix, low, high } = dateLeaf(context, [], value, true);
        return { kind: 'last-updated', prefix, low, high };
      });
      return leaves.length === 1 ? (leaves[0] as Condition) : { kind: 'any', of: leaves };
    }
    case '_list':
      return { kind: 'any', of: values.map((list) => ({ kind: 'member', list })) };
    case '_type': {
      const wrong = values.find((type) => !isSupportedType(type));
      if (wrong !== undefined) {
        throw refuse(context, `"${wrong}" is not stored here`, 'not-supported');
      }
      return { kind: 'type', types: values };
    }
    case '_text': {
      const wanted = words(text);
      if (wanted.length === 0) {
        throw refuse(context, '_text needs at least one word');
      }
      return {
        kind: 'text',
        parameters: types.map((type) => parameterId(type, '_text')),
        words: wanted.join(' '),
      };
    }
    case '_filter':
      return parseFilter(context, types, text, namedCondition);
    default:
      return undefined;
  }
}

/** `_has:Task:focus:status` = `requested` */
function reverseChain(
  context: ParseContext,
  types: readonly string[],
  name: string,
  text: string,
): Condition {
  const [, type = '', code = '', rest = ''] = /^_has:([^:]*):([^:]*):(.+)$/.exec(name) ?? [];
  if (rest === '') {
    throw refuse(
      context,
      'A reverse chain is _has:Type:reference:parameter, for example _has:Task:focus:status=requested',
    );
  }
  if (!isSupportedType(type)) {
    throw refuse(context, `"${type}" in _has is not a type stored here`, 'not-supported');
  }
  const group = findGroup(context, [type], code);
  if (group?.type !== 'reference') {
    const references = [...context.registry.of(type).values()].filter((each) => each.type === 'reference');
    throw refuse(
      context,
      `"${code}" is no reference of ${type}; its references are: ${listed(references.map((each) => each.code))}`,
      'not-supported',
    );
  }
  const targets = targetTypes(group);
  if (!types.some((each) => targets.includes(each))) {
    throw refuse(
      context,
      `${type}.${code} does not lead to ${types.join(', ')}: it leads to ${listed(targets)}`,
      'not-supported',
    );
  }
  const where = namedCondition(deeper(context), [type], rest, text);
  const has: Condition = { kind: 'has', type, parameters: idsOf(group), where };
  const only = group.members[0]?.only;
  // The rows are those of a wider reference, which leads to other types as well.
  return only === undefined || types.every((each) => each === only)
    ? has
    : { kind: 'all', of: [has, { kind: 'type', types: [only] }] };
}

function deeper(context: ParseContext): ParseContext {
  if (context.depth === 0) {
    throw refuse(context, 'This chain is deeper than the server follows');
  }
  return { ...context, depth: context.depth - 1 };
}

/** `subject:Patient.organization.name`: the part before the first full stop is the reference. */
function chain(context: ParseContext, types: readonly string[], name: string, text: string): Condition {
  const at = name.indexOf('.');
  const [code = '', modifier] = name.slice(0, at).split(':');
  const rest = name.slice(at + 1);
  const group = findGroup(context, types, code);
  if (group === undefined) {
    throw unknown(context, types, code);
  }
  if (group.type !== 'reference') {
    throw refuse(
      context,
      `"${code}" is a ${group.type} parameter: only references can be chained`,
      'not-supported',
    );
  }
  const targets =
    modifier === undefined ? targetTypes(group) : [checkTargetModifier(context, group, modifier)];
  const able = targets.filter((type) => understands(context, type, rest));
  if (able.length === 0) {
    const first = rest.split(/[.:]/)[0];
    throw refuse(
      context,
      `None of ${listed(targets)}, to which "${code}" leads, has a parameter "${first}"`,
      'not-supported',
    );
  }
  // The same code can be of another kind in another type: one chain a kind.
  const kinds = new Map<string, string[]>();
  for (const type of able) {
    const kind = context.registry.of(type).get(rest.split(/[.:]/)[0] as string)?.type ?? 'special';
    kinds.set(kind, [...(kinds.get(kind) ?? []), type]);
  }
  const chains = [...kinds.values()].map(
    (members): Condition => ({
      kind: 'chain',
      parameters: idsOf(group),
      types: members,
      where: namedCondition(deeper(context), members, rest, text),
    }),
  );
  return chains.length === 1 ? (chains[0] as Condition) : { kind: 'any', of: chains };
}

function understands(context: ParseContext, type: string, name: string): boolean {
  if (name.startsWith('_has:')) {
    const [, source = '', code = ''] = name.split(':');
    return isSupportedType(source) && (context.registry.of(source).get(code)?.targets ?? []).includes(type);
  }
  const code = name.split(/[.:]/)[0] as string;
  return (
    context.registry.of(type).has(code) ||
    code === '_id' ||
    code === '_lastUpdated' ||
    code === '_text' ||
    code === '_list'
  );
}

/**
 * What one `name=value` asks for: a parameter with its modifier, a chain, a reverse chain, or a special one.
 * @throws FhirError 400 that says what is known
 */
export function namedCondition(
  context: ParseContext,
  types: readonly string[],
  name: string,
  text: string,
): Condition {
  if (name.startsWith('_has:')) {
    return reverseChain(context, types, name, text);
  }
  if (name.includes('.')) {
    return chain(context, types, name, text);
  }
  const [code = '', modifier, ...more] = name.split(':');
  if (more.length > 0) {
    throw refuse(context, `"${name}" has more than one modifier`, 'not-supported');
  }
  const found = special(context, types, code, text);
  if (found !== undefined) {
    if (modifier !== undefined) {
      throw refuse(context, `"${code}" has no modifier :${modifier}`, 'not-supported');
    }
    return found;
  }
  const group = findGroup(context, types, code);
  if (group === undefined) {
    throw unknown(context, types, code);
  }
  return leafCondition(context, group, modifier, text);
}
