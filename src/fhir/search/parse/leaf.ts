import { parameterId } from '../parameters.ts';
import type { Condition, IndexTable, TokenLeaf } from '../query.ts';
import { idsOf, type ParameterGroup, type ParseContext, refuse } from './context.ts';
import { checkTargetModifier, referenceTargets, targetTypes } from './reference.ts';
import { splitUnescaped, unescapeValue } from './split.ts';
import { compositePart, dateLeaf, numberLeaf, quantityLeaf, stringCondition, tokenLeaf } from './values.ts';

/** Modifiers of each parameter type, `:missing` and the type names of references apart. */
const MODIFIERS: Readonly<Record<ParameterGroup['type'], readonly string[]>> = {
  token: ['text', 'not', 'above', 'below', 'in', 'not-in', 'of-type'],
  string: ['exact', 'contains'],
  reference: ['identifier'],
  uri: ['above', 'below'],
  date: [],
  number: [],
  quantity: [],
  composite: [],
};

const TABLES: Readonly<Record<ParameterGroup['type'], IndexTable>> = {
  token: 'token',
  string: 'string',
  reference: 'reference',
  uri: 'uri',
  date: 'date',
  number: 'quantity',
  quantity: 'quantity',
  composite: 'composite',
};

/** The reference must not lead to another type, where the rows are those of a wider parameter. */
function notElsewhere({ members }: ParameterGroup, condition: Condition): Condition {
  const marks = members
    .filter(({ only }) => only !== undefined)
    .map(({ resourceType, code }) => parameterId(resourceType, code, 'elsewhere'));
  return marks.length === 0
    ? condition
    : {
        kind: 'all',
        of: [condition, { kind: 'not', of: { kind: 'present', parameters: marks, table: 'reference' } }],
      };
}

/** Whether a reference says by itself that it leads to the only type that the parameter is for. */
function leadsThere({ members }: ParameterGroup, target: string): boolean {
  return members.every(({ only }) => only === undefined || new RegExp(`(^|/)${only}/[^/]+$`).test(target));
}

/** `:missing`: no index row of any kind. */
function presence(group: ParameterGroup): Condition {
  const present = { kind: 'present', parameters: idsOf(group), table: TABLES[group.type] } as const;
  if (group.type !== 'token' && group.type !== 'reference') {
    return present;
  }
  // A text without codings, or a reference by identifier only, is a value too.
  const beside: Condition =
    group.type === 'token'
      ? { kind: 'present', parameters: idsOf(group, 'text'), table: 'string' }
      : { kind: 'present', parameters: idsOf(group, 'identifier'), table: 'token' };
  return notElsewhere(group, { kind: 'any', of: [present, beside] });
}

function booleanOnly({ members }: ParameterGroup): boolean {
  return members.every(({ path }) => [...path.types].every((type) => type === 'boolean'));
}

/** A plain code is stored without a system; asked for with the one that its binding implies, it is the same code. */
function withoutImpliedSystem(leaf: TokenLeaf, { members }: ParameterGroup): TokenLeaf {
  const implied = members.every(
    ({ path }) =>
      leaf.system !== undefined &&
      path.systems.has(leaf.system) &&
      [...path.types].every((type) => type === 'code'),
  );
  return implied && leaf.value !== undefined ? { ...leaf, system: '' } : leaf;
}

function tokenValue(
  context: ParseContext,
  group: ParameterGroup,
  text: string,
  modifier: string | undefined,
): Condition {
  const ids = idsOf(group);
  switch (modifier) {
    case 'text':
      return stringCondition(context, idsOf(group, 'text'), text, 'starts');
    case 'of-type': {
      const [system = '', code = '', value = '', ...more] = splitUnescaped(text, '|').map(unescapeValue);
      if (code === '' || value === '' || more.length > 0) {
        throw refuse(context, 'With :of-type an identifier is type-system|type-code|value');
      }
      return { kind: 'token', parameters: idsOf(group, 'of-type'), system, value: `${code}|${value}` };
    }
    case 'in':
    case 'not-in':
      return {
        kind: 'token-set',
        parameters: ids,
        set: { of: 'value-set', url: unescapeValue(text) },
      };
    case 'above':
    case 'below': {
      const { system, value } = tokenLeaf(context, ids, text);
      if (system === undefined || system === '' || value === undefined) {
        throw refuse(context, `:${modifier} needs the code system: system|code`);
      }
      return { kind: 'token-set', parameters: ids, set: { of: modifier, system, code: value } };
    }
    default: {
      const leaf = tokenLeaf(context, ids, text);
      if (booleanOnly(group) && leaf.value !== 'true' && leaf.value !== 'false') {
        throw refuse(context, `"${group.code}" is true or false`);
      }
      return withoutImpliedSystem(identifying(leaf, group), group);
    }
  }
}

function identifying(leaf: TokenLeaf, { members }: ParameterGroup): TokenLeaf {
  const all = members.every(({ path }) => [...path.types].every((type) => type === 'Identifier'));
  return all && leaf.value !== undefined ? { ...leaf, identifies: true } : leaf;
}

function compositeValue(context: ParseContext, group: ParameterGroup, text: string): Condition {
  const components = group.members[0]?.components ?? [];
  const parts = splitUnescaped(text, '$');
  if (parts.length !== components.length || parts.some((part) => part === '')) {
    const shape = components.map(({ code, type }) => `${code} (${type})`).join('$');
    throw refuse(context, `"${group.code}" takes ${components.length} values joined by $: ${shape}`);
  }
  return {
    kind: 'composite',
    parameters: idsOf(group),
    parts: components.map(({ type, targets }, index) =>
      compositePart(context, type, parts[index] as string, (value) =>
        referenceTargets(context, value, targets),
      ),
    ),
  };
}

/** One value (between commas) of a parameter, as a condition. */
function oneValue(
  context: ParseContext,
  group: ParameterGroup,
  text: string,
  modifier: string | undefined,
): Condition {
  const ids = idsOf(group);
  switch (group.type) {
    case 'token':
      return tokenValue(context, group, text, modifier);
    case 'string':
      return stringCondition(context, ids, text, (modifier ?? 'starts') as 'starts' | 'exact' | 'contains');
    case 'reference': {
      if (modifier === 'identifier') {
        const leaf = tokenLeaf(context, idsOf(group, 'identifier'), text);
        return notElsewhere(group, leaf.value === undefined ? leaf : { ...leaf, identifies: true });
      }
      const only = modifier === undefined ? undefined : checkTargetModifier(context, group, modifier);
      const targets = referenceTargets(context, text, targetTypes(group), only);
      const leaf: Condition = { kind: 'reference', parameters: ids, targets };
      return targets.every((target) => leadsThere(group, target)) ? leaf : notElsewhere(group, leaf);
    }
    case 'uri':
      return {
        kind: 'uri',
        parameters: ids,
        match: (modifier ?? 'exact') as 'exact' | 'above' | 'below',
        uri: unescapeValue(text),
      };
    case 'date':
      return dateLeaf(
        context,
        ids,
        text,
        group.members.every(({ path }) => !path.repeats),
      );
    case 'number':
      return numberLeaf(context, ids, text);
    case 'quantity':
      return quantityLeaf(context, ids, text);
    case 'composite':
      return compositeValue(context, group, text);
  }
}

function missing(context: ParseContext, group: ParameterGroup, text: string): Condition {
  if (text !== 'true' && text !== 'false') {
    throw refuse(context, ':missing is true or false');
  }
  return text === 'false' ? presence(group) : { kind: 'not', of: presence(group) };
}

function checkModifier(context: ParseContext, group: ParameterGroup, modifier: string): void {
  const known = MODIFIERS[group.type];
  const identifiers = group.members.every(({ path }) => path.types.has('Identifier'));
  if (modifier === 'of-type' && group.type === 'token' && !identifiers) {
    throw refuse(context, `:of-type is for identifiers, and "${group.code}" is none`, 'not-supported');
  }
  if (!known.includes(modifier) && !(group.type === 'reference' && /^[A-Z]/.test(modifier))) {
    const names = ['missing', ...known, ...(group.type === 'reference' ? ['a resource type'] : [])];
    throw refuse(
      context,
      `"${group.code}" is a ${group.type} parameter and has no modifier :${modifier}; it has ${names.join(', ')}`,
      'not-supported',
    );
  }
}

/** A parameter of the index with its modifier and its values, joined by commas. */
export function leafCondition(
  context: ParseContext,
  group: ParameterGroup,
  modifier: string | undefined,
  text: string,
): Condition {
  if (modifier === 'missing') {
    return missing(context, group, text);
  }
  if (modifier !== undefined) {
    checkModifier(context, group, modifier);
  }
  const values = splitUnescaped(text, ',').filter((value) => value !== '');
  if (values.length === 0) {
    throw refuse(
      context,
      `"${context.name}" has no value; leave it out, or search for what is missing with ${group.code}:missing=true`,
    );
  }
  const conditions = values.map((value) => oneValue(context, group, value, modifier));
  const [only] = conditions;
  const either: Condition = conditions.length === 1 ? (only as Condition) : { kind: 'any', of: conditions };
  return modifier === 'not' || modifier === 'not-in' ? { kind: 'not', of: either } : either;
}
