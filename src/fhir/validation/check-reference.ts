import { resourceNode } from './compile-type.ts';
import type { Json } from './json-object.ts';
import type { Run } from './run.ts';

const LOCAL = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const REMOTE = /^https?:\/\/\S+?\/([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;
const CONDITIONAL = /^([A-Z][A-Za-z]+)\?\S+$/;

/** The syntax of a Reference and the type it points to (R4 references.html); `targets` undefined allows any type. */
export function checkReference(run: Run, value: Json, targets: ReadonlySet<string> | undefined): void {
  const { reference, type } = value;
  const declared = typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : undefined;
  if (typeof reference !== 'string') {
    if (declared !== undefined && targets !== undefined && !targets.has(declared)) {
      wrongTarget(run, declared, targets, 'type');
    }
    return;
  }
  run.enter('reference');
  const target = reference.startsWith('#') ? containedType(run, reference) : literalType(run, reference);
  run.leave();
  if (target === undefined) {
    return;
  }
  if (targets !== undefined && !targets.has(target)) {
    wrongTarget(run, target, targets, 'reference');
  }
  if (declared !== undefined && declared !== target) {
    run.enter('type');
    run.error('value', `says ${declared}, but the reference points to ${target}`);
    run.leave();
  }
}

function wrongTarget(run: Run, found: string, targets: ReadonlySet<string>, element: string): void {
  run.enter(element);
  run.error('value', `points to ${found.slice(0, 60)}, but must point to ${[...targets].join(' or ')}`);
  run.leave();
}

/** The type that a literal reference names, where it names one. */
function literalType(run: Run, reference: string): string | undefined {
  const local = LOCAL.exec(reference)?.[1];
  if (local !== undefined) {
    return known(run, local);
  }
  const conditional = run.context.conditionalReferences ? CONDITIONAL.exec(reference)?.[1] : undefined;
  if (conditional !== undefined) {
    return known(run, conditional);
  }
  if (!URI.test(reference)) {
    run.error(
      'value',
      'must be Type/id, an absolute URL, a urn:uuid: or urn:oid: of the same Bundle, or #id of a contained resource',
    );
    return undefined;
  }
  const remote = REMOTE.exec(reference)?.[1];
  return remote !== undefined && resourceNode(remote) !== undefined ? remote : undefined;
}

function known(run: Run, type: string): string | undefined {
  if (resourceNode(type) === undefined) {
    run.error('value', `names a type that FHIR R4 does not know: ${type.slice(0, 60)}`);
    return undefined;
  }
  return type;
}

/** `#id` points into the container, `#` at the container itself (ref-1). */
function containedType(run: Run, reference: string): string | undefined {
  const typeOf = ({ resourceType: type }: Json) =>
    typeof type === 'string' && resourceNode(type) !== undefined ? type : undefined;
  if (reference === '#') {
    return typeOf(run.root);
  }
  const contained = run.root.contained;
  const found = (Array.isArray(contained) ? (contained as unknown[]) : []).find(
    (candidate) =>
      typeof candidate === 'object' && candidate !== null && `#${(candidate as Json).id}` === reference,
  );
  if (found === undefined) {
    run.error(
      'value',
      'points to a contained resource that is not there (ref-1); contain it, or use Type/id',
    );
    return undefined;
  }
  return typeOf(found as Json);
}
