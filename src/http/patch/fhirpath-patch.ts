import type { ParametersParameter } from '@medplum/fhirtypes';
import { copyJson, setNumberText } from '../../fhir/json.ts';
import { badRequest, errorIssue, FhirError } from '../../fhir/outcome.ts';
import { shapeOf, splitChoice } from './element-shape.ts';
import { type Location, locate } from './location.ts';
import { type Parts, partsOf } from './operation-parts.ts';

type Node = Record<string, unknown>;
type Operation = (resource: Node, path: string, parts: Parts) => void;

const OPERATIONS: Readonly<Record<string, Operation>> = { add, insert, delete: remove, replace, move };

/**
 * Applies a FHIRPath Patch (R4 fhirpatch.html), a Parameters resource, to a copy: add, insert, delete, replace,
 * move, in the order given.
 * @throws FhirError 400 for a patch that is malformed, 422 when a path does not lead to one element.
 */
export function applyFhirPathPatch(resource: object, patch: unknown): unknown {
  const { resourceType, parameter } = (patch ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) {
    throw badRequest(
      'A FHIRPath Patch is a Parameters resource with parameters named operation.',
      'Parameters',
    );
  }
  const copy = copyJson(resource) as Node;
  parameter.forEach((raw: ParametersParameter | null, index) => {
    const at = `Parameters.parameter[${index}]`;
    if (raw?.name !== 'operation') throw badRequest('Each parameter is named operation.', `${at}.name`);
    const parts = partsOf(raw, at);
    const kind = parts.text('type');
    const operation = Object.hasOwn(OPERATIONS, kind) ? OPERATIONS[kind] : undefined;
    if (operation === undefined) {
      throw badRequest(`type is one of ${Object.keys(OPERATIONS).join(', ')}.`, `${at}.type`);
    }
    operation(copy, parts.text('path'), parts);
  });
  return copy;
}

function add(resource: Node, path: string, parts: Parts): void {
  const place = one(resource, path, parts);
  if (typeof place.value !== 'object' || place.value === null) {
    throw unfit(parts, 'the path leads to a value without members');
  }
  const target = place.value as Node;
  const { value, type, text } = parts.value();
  const name = parts.text('name');
  const split = splitChoice(place.definedAt, name);
  const shape = shapeOf(place.definedAt, split.name);
  if (shape === undefined) throw unfit(parts, 'R4 defines no element of this name there');
  const key = shape.choice ? `${split.name}${type || split.suffix}` : name;
  const current = target[key];
  if (shape.list) target[key] = Array.isArray(current) ? [...current, value] : [value];
  else if (current === undefined) set(target, key, value, text);
  else throw unfit(parts, 'the element is there already and does not repeat; use replace');
}

function replace(resource: Node, path: string, parts: Parts): void {
  const { parent, parentDefinedAt, name, index } = one(resource, path, parts);
  const { value, type, text } = parts.value();
  if (index !== undefined) {
    (parent[name] as unknown[])[index] = value;
    return;
  }
  const split = splitChoice(parentDefinedAt, name);
  delete parent[name];
  set(parent, split.suffix === '' ? name : `${split.name}${type}`, value, text);
}

function set(parent: Node, key: string, value: unknown, text: string | undefined): void {
  parent[key] = value;
  setNumberText(parent, key, text);
}

/** What is not there is deleted already. */
function remove(resource: Node, path: string, parts: Parts): void {
  if (locate(resource, path, `${parts.at}.path`).length === 0) return;
  const { parent, name, index } = one(resource, path, parts);
  if (name === '') throw unfit(parts, 'a patch cannot delete the whole resource; use DELETE');
  const list = parent[name];
  if (index !== undefined && Array.isArray(list) && list.length > 1) list.splice(index, 1);
  else delete parent[name];
}

function insert(resource: Node, path: string, parts: Parts): void {
  const list = listAt(resource, path, parts);
  const index = parts.whole('index');
  if (index > list.length) throw unfit(parts, `index ${index} is beyond the ${list.length} there are`);
  list.splice(index, 0, parts.value().value);
}

function move(resource: Node, path: string, parts: Parts): void {
  const list = listAt(resource, path, parts);
  const [from, to] = [parts.whole('source'), parts.whole('destination')];
  if (from >= list.length || to >= list.length) throw unfit(parts, `the list has only ${list.length}`);
  list.splice(to, 0, ...list.splice(from, 1));
}

/** The one list whose items the path selects. */
function listAt(resource: Node, path: string, parts: Parts): unknown[] {
  const lists = new Set<unknown>();
  for (const { parent, name, index } of locate(resource, path, `${parts.at}.path`)) {
    lists.add(index === undefined ? undefined : parent[name]);
  }
  const [list] = lists;
  if (lists.size !== 1 || !Array.isArray(list)) throw unfit(parts, 'the path does not lead to one list');
  return list;
}

function one(resource: Node, path: string, parts: Parts): Location {
  const places = locate(resource, path, `${parts.at}.path`);
  const [place] = places;
  if (place !== undefined && places.length === 1) return place;
  throw unfit(parts, `the path leads to ${places.length === 0 ? 'nothing' : 'several elements'}`);
}

function unfit({ at }: Parts, text: string): FhirError {
  return new FhirError(422, [errorIssue('processing', `The patch does not fit the resource: ${text}.`, at)]);
}
