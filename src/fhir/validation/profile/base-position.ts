import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { structureDefinition } from '../../definitions.ts';

/** A place in the base definitions of R4 that a profile's element is compared with. */
export interface BasePosition {
  readonly definition: StructureDefinition;
  /** Whose children come next: a type, or the path of a backbone element. */
  readonly path: string;
}

export interface BaseElement {
  readonly element: ElementDefinition;
  /** The name without `[x]`. */
  readonly stem: string;
  readonly choice: boolean;
}

export function basePosition(type: string): BasePosition | undefined {
  const definition = structureDefinition(type);
  return definition === undefined ? undefined : { definition, path: definition.type };
}

/**
 * The base element of a profile's element by its name: `identifier`, `value[x]`, or `valueQuantity`, by which some
 * profiles name one type of a choice.
 */
export function baseElement(position: BasePosition, name: string): BaseElement | undefined {
  const elements = position.definition.snapshot?.element ?? [];
  const exact = elements.find((element) => element.path === `${position.path}.${name}`);
  if (exact !== undefined) {
    return { element: exact, stem: name.replace('[x]', ''), choice: name.endsWith('[x]') };
  }
  const prefix = `${position.path}.`;
  const choice = elements.find(
    ({ path }) =>
      path.startsWith(prefix) &&
      path.endsWith('[x]') &&
      path.lastIndexOf('.') === position.path.length &&
      name.startsWith(path.slice(prefix.length, -3)),
  );
  return choice === undefined
    ? undefined
    : { element: choice, stem: choice.path.slice(prefix.length, -3), choice: true };
}

/** Where the children of an element are defined; `type` is the one type that a profile leaves of a choice. */
export function positionBelow(
  position: BasePosition,
  base: BaseElement,
  type: string | undefined,
): BasePosition | undefined {
  if (base.element.contentReference !== undefined) {
    return { definition: position.definition, path: base.element.contentReference.replace(/^.*#/, '') };
  }
  const code = type ?? base.element.type?.[0]?.code;
  if (code === 'BackboneElement' || code === 'Element') {
    return { definition: position.definition, path: base.element.path };
  }
  return code === undefined || code.startsWith('http://hl7.org/fhirpath/')
    ? basePosition('Element')
    : basePosition(code);
}
