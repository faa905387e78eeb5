import { numberText } from '../json.ts';
import { checkBinding } from './check-binding.ts';
import { checkClaims } from './check-claims.ts';
import { checkExtension } from './check-extension.ts';
import { checkReference } from './check-reference.ts';
import { resourceNode, typeNode } from './compile-type.ts';
import { checkContained } from './contained.ts';
import { checkRules } from './invariant.ts';
import { isObject, type Json } from './json-object.ts';
import { narrativeFault } from './narrative.ts';
import { nameOf } from './primitives.ts';
import type { Run } from './run.ts';
import type { Field, TypeNode } from './type-node.ts';

/** Where an extension stands: the type of its holder, the holder's element, the URL when that is an extension. */
export interface Holder {
  readonly types: readonly string[];
  readonly path: string;
  readonly extensionUrl: string | undefined;
}

/**
 * A resource on its own, contained, in a Bundle's entry or in a parameter, with the profiles it claims.
 * @param asked profiles that it must meet besides
 */
export function checkResource(run: Run, value: unknown, asked: readonly string[] = []): void {
  if (!isObject(value)) {
    run.error('structure', `must be a resource (a JSON object), but is ${nameOf(value)}`);
    return;
  }
  const type = value.resourceType;
  if (typeof type !== 'string' || type === '') {
    run.error('structure', 'must say its type in resourceType');
    return;
  }
  const node = resourceNode(type);
  if (node === undefined) {
    run.error(
      'structure',
      `has a resourceType that FHIR R4 does not know${/^[A-Za-z]{1,60}$/.test(type) ? `: ${type}` : ''}`,
    );
    return;
  }
  checkObject(run, node, value, { types: node.lineage, path: node.name, extensionUrl: undefined });
  checkClaims(run, value, type, asked);
}

/** All rules of a type on one of its objects. */
function checkObject(run: Run, node: TypeNode, value: Json, holder: Holder): void {
  if (run.full || run.tooDeep()) {
    return;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) {
    run.error('structure', 'must not be an empty object; leave it out or fill it');
    return;
  }
  const hasBesides = keys.some(isBeside);
  let chosen = 0;
  let twice = false;
  for (const key of keys) {
    const given = value[key];
    if (given === undefined) {
      // Objects made in code may say so; JSON leaves such a property out.
      continue;
    }
    const beside = hasBesides && isBeside(key);
    const name = beside ? key.slice(1) : key;
    const field = node.fields.get(name);
    if (field === undefined) {
      if (key !== 'resourceType' || !node.resource) {
        unknownElement(run, node, key);
      }
    } else if (beside && field.kind !== 'primitive') {
      run.enter(key);
      run.error(
        'structure',
        `is not possible: ${name} is no primitive element; put id and extension into it`,
      );
      run.leave();
    } else if (!beside || value[name] === undefined) {
      twice ||= (chosen & field.choice) !== 0;
      chosen |= field.choice;
      if (beside) {
        checkField(run, field, undefined, given, holder);
      } else {
        checkField(run, field, given, hasBesides ? value[field.besideKey] : undefined, holder);
        if (typeof given === 'number' && Number.isInteger(given)) {
          checkWriting(run, field, value);
        }
      }
    }
  }
  if (node.required.length > 0) {
    checkRequired(run, node, value);
  }
  if (twice) {
    checkChoices(run, node, value);
  }
  if (node.resource && value.contained !== undefined) {
    checkContained(run, value);
  }
  if (node.rules.length > 0) {
    checkRules(run, node.rules, value);
  }
}

/** `_birthDate`: id and extensions of a primitive. Few objects have any, and a property that is not there is dear to ask for. */
function isBeside(key: string): boolean {
  return key.charCodeAt(0) === 0x5f;
}

/** 1.0 and 1e3 are decimals, though they count as whole numbers (R4 datatypes.html#integer). */
function checkWriting(run: Run, field: Field, holder: Json): void {
  if (field.type !== 'decimal' && !/^-?\d+$/.test(numberText(holder, field.key))) {
    run.enter(field.step);
    run.error('value', 'must be written as a whole number, without fraction or exponent');
    run.leave();
  }
}

function unknownElement(run: Run, node: TypeNode, key: string): void {
  const name = key.slice(0, 80);
  const known = [...node.fields.keys()];
  const near = known.filter((candidate) => candidate.toLowerCase() === name.replace(/^_/, '').toLowerCase());
  const choice = known.filter(
    (candidate) => candidate.startsWith(name) && /^[A-Z]/.test(candidate.slice(name.length)),
  );
  const advice = [...near, ...choice].slice(0, 5);
  run.enter(/^\w+$/.test(name) ? name : `\`${name.replace(/[`\\]/g, '')}\``);
  run.error(
    'structure',
    `is not an element of ${node.name}${advice.length > 0 ? `; did you mean ${advice.join(' or ')}?` : '; remove it or send it as an extension'}`,
  );
  run.leave();
}

function hasAny(value: Json, keys: readonly string[]): boolean {
  for (const key of keys) {
    if (value[key] !== undefined) {
      return true;
    }
  }
  return false;
}

function checkRequired(run: Run, node: TypeNode, value: Json): void {
  for (const { name, keys, besides } of node.required) {
    if (!hasAny(value, keys) && !hasAny(value, besides)) {
      run.enter(name);
      run.error(
        'required',
        `is missing; ${node.name} requires it${keys.length > 1 ? ` as one of ${keys.slice(0, 12).join(', ')}` : ''}`,
      );
      run.leave();
    }
  }
}

/** Of choices of which more than one is given. */
function checkChoices(run: Run, node: TypeNode, value: Json): void {
  for (const keys of node.choices) {
    let given: string | undefined;
    for (const key of keys) {
      if (value[key] !== undefined || value[`_${key}`] !== undefined) {
        if (given !== undefined) {
          run.enter(node.fields.get(key)?.step ?? key);
          run.error('structure', `is given beside ${given}; only one of them may be`);
          run.leave();
        }
        given = key;
      }
    }
  }
}

function checkField(run: Run, field: Field, value: unknown, beside: unknown, holder: Holder): void {
  run.enter(field.step);
  if (field.array) {
    checkArray(run, field, value, beside, holder);
  } else if (Array.isArray(value) || Array.isArray(beside)) {
    run.error('structure', 'may occur only once and must not be an array');
  } else {
    checkItem(run, field, value, beside, holder);
  }
  run.leave();
}

function checkArray(run: Run, field: Field, value: unknown, beside: unknown, holder: Holder): void {
  if ((value !== undefined && !Array.isArray(value)) || (beside !== undefined && !Array.isArray(beside))) {
    run.error('structure', `may repeat and must be an array; write [ … ] also for one value`);
    return;
  }
  const values: readonly unknown[] = value ?? [];
  const besides: readonly unknown[] = beside ?? [];
  const length = Math.max(values.length, besides.length);
  if (length === 0) {
    run.error('structure', 'must not be an empty array; leave it out');
  }
  for (let index = 0; index < length && !run.full; index += 1) {
    run.enter(index);
    checkItem(run, field, values[index] ?? undefined, besides[index] ?? undefined, holder);
    run.leave();
  }
}

function checkItem(run: Run, field: Field, value: unknown, beside: unknown, holder: Holder): void {
  switch (field.kind) {
    case 'primitive':
    case 'plain':
      checkPrimitive(run, field, value, beside);
      break;
    case 'complex':
      checkComplex(run, field, value, holder);
      break;
    case 'resource':
      checkNested(run, field, value);
      break;
    case 'xhtml':
      checkNarrative(run, value);
      break;
  }
  if (field.rules.length > 0 && value !== undefined) {
    checkRules(run, field.rules, value);
  }
}

function checkNarrative(run: Run, value: unknown): void {
  if (typeof value !== 'string') {
    run.error('structure', `must be a JSON string, but is ${nameOf(value)}`);
    return;
  }
  const fault = narrativeFault(value);
  if (fault !== undefined) {
    run.error('invariant', fault);
  }
}

function checkPrimitive(run: Run, field: Field, value: unknown, beside: unknown): void {
  if (value !== undefined && value !== null) {
    const fault = field.primitive?.(value);
    if (fault !== undefined) {
      run.error('value', fault);
    } else if (field.binding !== undefined) {
      checkBinding(run, field.binding, value);
    }
  } else if (beside === undefined || beside === null) {
    run.error('structure', 'must not be null; leave it out, or give an extension beside it');
    return;
  }
  if (beside !== undefined && beside !== null) {
    checkBeside(run, field, beside, value !== undefined && value !== null);
  }
}

/** The object under `_name`: id and extensions of a primitive element. */
function checkBeside(run: Run, field: Field, beside: unknown, hasValue: boolean): void {
  if (!isObject(beside)) {
    run.error(
      'structure',
      `has beside it (_${field.key}) ${nameOf(beside)}; only an object with id and extension may stand there`,
    );
    return;
  }
  const node = typeNode('Element');
  if (node !== undefined) {
    checkObject(run, node, beside, {
      types: [field.type, 'Element'],
      path: field.path,
      extensionUrl: undefined,
    });
  }
  if (!hasValue && beside.extension === undefined) {
    run.error('structure', 'has neither a value nor an extension');
  }
}

function checkComplex(run: Run, field: Field, value: unknown, holder: Holder): void {
  if (!isObject(value)) {
    run.error('structure', `must be a JSON object, but is ${nameOf(value)}`);
    return;
  }
  const node = field.node();
  const url = field.type === 'Extension' && typeof value.url === 'string' ? value.url : undefined;
  checkObject(run, node, value, { types: node.lineage, path: field.path, extensionUrl: url });
  if (field.type === 'Extension') {
    checkExtension(run, value, holder, field.key === 'modifierExtension');
  } else if (field.type === 'Reference') {
    checkReference(run, value, field.targets);
  } else if (field.binding !== undefined) {
    checkBinding(run, field.binding, value);
  }
}

/** A contained resource belongs to its container; the resource of an entry or a parameter stands for itself. */
function checkNested(run: Run, field: Field, value: unknown): void {
  const { resource, root } = run;
  if (isObject(value)) {
    run.resource = value;
    run.root = field.key === 'contained' ? root : value;
  }
  checkResource(run, value);
  run.resource = resource;
  run.root = root;
}
