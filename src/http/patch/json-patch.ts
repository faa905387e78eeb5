import { isDeepStrictEqual } from 'node:util';
import { copyJson, numberText, setNumberText } from '../../fhir/json.ts';
import { badRequest, errorIssue, FhirError } from '../../fhir/outcome.ts';

type Root = { document: unknown };
type Container = Record<string, unknown> | unknown[];

const OPERATIONS: ReadonlySet<string> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * Applies a JSON Patch (RFC 6902) to a copy.
 * @throws FhirError 400 for a patch that is malformed, 422 when it does not fit the document or a test fails.
 */
export function applyJsonPatch(document: object, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest('A JSON Patch is a list of operations (RFC 6902).', 'patch', 'structure');
  const root = { document: copyJson(document) as unknown };
  patch.forEach((operation, index) => {
    applyOperation(root, operation, `patch[${index}]`);
  });
  return root.document;
}

function applyOperation(root: Root, raw: unknown, at: string): void {
  if (typeof raw !== 'object' || raw === null)
    throw badRequest('An operation is an object.', at, 'structure');
  const operation = raw as Record<string, unknown>;
  const { op } = operation;
  if (typeof op !== 'string' || !OPERATIONS.has(op)) {
    throw badRequest(`op is one of ${[...OPERATIONS].join(', ')}.`, `${at}.op`);
  }
  const path = pointer(operation.path, `${at}.path`);
  const value = (): Value => {
    if (!Object.hasOwn(operation, 'value'))
      throw badRequest('The operation has no value.', `${at}.value`, 'required');
    return copyOf(operation, 'value');
  };
  const from = (): readonly string[] => pointer(operation.from, `${at}.from`);
  if (op === 'add') add(root, path, value(), at);
  else if (op === 'remove') remove(root, path, at);
  else if (op === 'replace') replace(root, path, value(), at);
  else if (op === 'move') move(root, from(), path, at);
  else if (op === 'copy') add(root, path, valueFrom(root, from(), at), at);
  else if (!isDeepStrictEqual(valueAt(root, path, at), value().value))
    throw unfit(at, 'The test does not hold.');
}

/** A value that is going to be put somewhere; of a number also how it is written. */
interface Value {
  readonly value: unknown;
  readonly text?: string;
}

function copyOf(holder: object, key: string): Value {
  const value = (holder as Record<string, unknown>)[key];
  return typeof value === 'number' ? { value, text: numberText(holder, key) } : { value: copyJson(value) };
}

function valueFrom(root: Root, path: readonly string[], at: string): Value {
  const value = valueAt(root, path, at);
  const parent = parentOf(root, path, at);
  return parent === undefined ? { value: copyJson(value) } : copyOf(parent, path.at(-1) as string);
}

function replace(root: Root, path: readonly string[], value: Value, at: string): void {
  valueAt(root, path, at);
  put(root, path, value, at);
}

function move(root: Root, from: readonly string[], path: readonly string[], at: string): void {
  if (path.length > from.length && from.every((part, index) => part === path[index])) {
    throw unfit(at, 'A value cannot be moved into itself.');
  }
  const value = valueFrom(root, from, at);
  remove(root, from, at);
  add(root, path, value, at);
}

/** RFC 6901. */
function pointer(text: unknown, at: string): readonly string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) {
    throw badRequest('A path is a JSON Pointer such as /name/0/family (RFC 6901).', at);
  }
  const parts = text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (parts.includes('__proto__')) throw badRequest('No element has this name.', at);
  return parts;
}

function valueAt(root: Root, path: readonly string[], at: string): unknown {
  let value = root.document;
  for (const part of path) value = child(container(value, at), part, at);
  return value;
}

function child(parent: Container, part: string, at: string): unknown {
  if (Array.isArray(parent)) return parent[index(parent, part, parent.length - 1, at)];
  if (!Object.hasOwn(parent, part)) throw unfit(at, 'The path leads to nothing.');
  return parent[part];
}

function add(root: Root, path: readonly string[], value: Value, at: string): void {
  const parent = parentOf(root, path, at);
  if (!Array.isArray(parent)) {
    put(root, path, value, at);
    return;
  }
  const last = path.at(-1) as string;
  parent.splice(last === '-' ? parent.length : index(parent, last, parent.length, at), 0, value.value);
}

function put(root: Root, path: readonly string[], { value, text }: Value, at: string): void {
  const parent = parentOf(root, path, at);
  const last = path.at(-1);
  if (parent === undefined || last === undefined) root.document = value;
  else if (Array.isArray(parent)) parent[index(parent, last, parent.length - 1, at)] = value;
  else {
    parent[last] = value;
    setNumberText(parent, last, text);
  }
}

function remove(root: Root, path: readonly string[], at: string): void {
  const parent = parentOf(root, path, at);
  if (parent === undefined) throw unfit(at, 'A patch cannot remove the whole resource. Use DELETE.');
  const last = path.at(-1) as string;
  child(parent, last, at);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

/** Undefined for the whole document. */
function parentOf(root: Root, path: readonly string[], at: string): Container | undefined {
  return path.length === 0 ? undefined : container(valueAt(root, path.slice(0, -1), at), at);
}

function container(value: unknown, at: string): Container {
  if (typeof value !== 'object' || value === null)
    throw unfit(at, 'The path leads through a value without parts.');
  return value as Container;
}

function index(list: readonly unknown[], part: string, most: number, at: string): number {
  const number = /^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : Number.NaN;
  if (Number.isNaN(number)) throw unfit(at, 'The path names a member where the resource has a list.');
  if (number > most) throw unfit(at, `The path names index ${number} of a list of ${list.length}.`);
  return number;
}

function unfit(at: string, text: string): FhirError {
  return new FhirError(422, [errorIssue('processing', `The patch does not fit the resource: ${text}`, at)]);
}
