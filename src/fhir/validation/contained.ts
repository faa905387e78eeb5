import type { Json } from './json-object.ts';
import type { Run } from './run.ts';

/**
 * The rules of contained resources (R4 dom-2 to dom-5): none within another, an id that something in the container
 * refers to (or a reference of its own to the container), no version, no time, no security label.
 */
export function checkContained(run: Run, container: Json): void {
  const contained = container.contained;
  if (!Array.isArray(contained)) {
    return;
  }
  run.enter('contained');
  if (run.resource !== run.root) {
    run.error(
      'invariant',
      'stands in a contained resource; contain all of them in the outermost one (dom-2)',
    );
    run.leave();
    return;
  }
  const references = new Set<string>();
  collect(container, references);
  const ids = new Set<string>();
  for (const [index, resource] of contained.entries()) {
    if (typeof resource === 'object' && resource !== null) {
      run.enter(index);
      checkOne(run, resource as Json, references, ids);
      run.leave();
    }
  }
  run.leave();
}

function checkOne(run: Run, resource: Json, references: ReadonlySet<string>, ids: Set<string>): void {
  const { id, meta } = resource;
  const { versionId, lastUpdated, security } = (meta ?? {}) as Json;
  if (typeof id !== 'string') {
    run.error('required', 'needs an id, by which the container refers to it');
    return;
  }
  if (ids.has(id)) {
    run.error('value', 'has the id of another contained resource; ids must differ');
  }
  ids.add(id);
  const own = new Set<string>();
  collect(resource, own);
  if (!references.has(`#${id}`) && !own.has('#')) {
    run.error(
      'invariant',
      'is referred to from nowhere in the container (dom-3); refer to it by #id or leave it out',
    );
  }
  if (versionId !== undefined || lastUpdated !== undefined) {
    run.error('invariant', 'must have neither meta.versionId nor meta.lastUpdated (dom-4)');
  }
  if (security !== undefined) {
    run.error('invariant', 'must not have a security label of its own (dom-5)');
  }
}

/** All texts that may be internal references: `#…` in references, canonicals, URIs and URLs. */
function collect(value: unknown, references: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('#')) {
      references.add(value);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) {
      collect(inner, references);
    }
  }
}
