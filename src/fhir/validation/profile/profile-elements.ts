import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import type { DefinitionSource } from '../../definitions.ts';

/** Profiles on profiles on profiles: more than this is a circle. */
const DEEPEST = 20;

/**
 * The elements of a profile: its snapshot; without one, its differential laid over the elements of what it derives from.
 * Undefined when that is not known.
 */
export function profileElements(
  source: DefinitionSource,
  definition: StructureDefinition,
  depth = 0,
): readonly ElementDefinition[] | undefined {
  const snapshot = definition.snapshot?.element ?? [];
  if (snapshot.length > 0) return snapshot;
  const { baseDefinition, differential } = definition;
  const base = baseDefinition === undefined ? undefined : source.structureDefinition(baseDefinition);
  if (base === undefined || differential === undefined || depth > DEEPEST) return undefined;
  const elements = profileElements(source, base, depth + 1);
  return elements === undefined ? undefined : overlaid(elements, differential.element ?? []);
}

/** Parents that a differential leaves out come before their children, as in a snapshot. */
function overlaid(
  base: readonly ElementDefinition[],
  differential: readonly ElementDefinition[],
): readonly ElementDefinition[] {
  const merged = new Map(base.map((element) => [element.id ?? element.path, element]));
  const place = (id: string): ElementDefinition => {
    const known = merged.get(id);
    if (known !== undefined) return known;
    const dot = id.lastIndexOf('.');
    if (dot > 0) place(id.slice(0, dot));
    const slice = id.indexOf(':', dot + 1);
    const made: ElementDefinition = { id, path: id.replaceAll(/:[^.]+/g, '') };
    const placed = slice < 0 ? made : sliceOf(place(id.slice(0, slice)), made, id.slice(slice + 1));
    merged.set(id, placed);
    return placed;
  };
  for (const element of differential) {
    const id = idOf(element);
    const constraint = [...(place(id).constraint ?? []), ...(element.constraint ?? [])];
    merged.set(id, { ...place(id), ...element, ...(constraint.length === 0 ? {} : { constraint }) });
  }
  return [...merged.values()];
}

/** Written by hand, a differential may go without ids. */
function idOf({ id, path, sliceName }: ElementDefinition): string {
  return id ?? (sliceName === undefined ? path : `${path}:${sliceName}`);
}

/** A slice has what the sliced element has, but neither its slices nor its minimum. */
function sliceOf(whole: ElementDefinition, made: ElementDefinition, sliceName: string): ElementDefinition {
  const { slicing: _slicing, min: _min, ...shared } = whole;
  return { ...shared, ...made, sliceName, min: 0 };
}
