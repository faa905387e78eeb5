import { compileFhirPath, FhirPathError } from '../../fhir/fhirpath.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { shapeOf, splitChoice } from './element-shape.ts';

/** A place in a resource that can be changed; `index` where the element is in a list. */
export interface Location {
  readonly parent: Record<string, unknown>;
  readonly name: string;
  readonly index?: number;
  readonly value: unknown;
  /** Where R4 defines the members of the value (`Patient.contact`, `HumanName`), and those of the parent. */
  readonly definedAt: string;
  readonly parentDefinedAt: string;
}

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly criteria: string }
  | { readonly kind: 'first' }
  | { readonly kind: 'last' };

const MEMBER = /^(?:`([^`]+)`|([A-Za-z_][A-Za-z0-9_]*))/;

/**
 * Finds the places that a FHIRPath of FHIRPath Patch selects (R4 fhirpatch.html): members, indexes, `where(…)`
 * (its criteria is any FHIRPath), `first()`, `last()`, `extension('url')`, `ofType(T)`.
 * @throws FhirError 400 for any other function: a place is wanted, not a computed value.
 */
export function locate(resource: Record<string, unknown>, path: string, at: string): readonly Location[] {
  const steps = parsePath(path, at);
  const [first, ...rest] = steps;
  const type = resource.resourceType as string;
  const named =
    first?.kind === 'member' &&
    (first.name === type || first.name === 'Resource' || first.name === 'DomainResource');
  let places: readonly Location[] = [
    { parent: {}, name: '', value: resource, definedAt: type, parentDefinedAt: '' },
  ];
  for (const step of named ? rest : steps) places = places.length === 0 ? places : take(places, step, at);
  return places;
}

function take(places: readonly Location[], step: Step, at: string): readonly Location[] {
  if (step.kind === 'first') return places.slice(0, 1);
  if (step.kind === 'last') return places.slice(-1);
  if (step.kind === 'index') return places.slice(step.index, step.index + 1);
  if (step.kind === 'where') return places.filter((place) => holds(step.criteria, place, at));
  return places.flatMap((place) => members(place, step.name));
}

function members({ value, definedAt }: Location, name: string): Location[] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Record<string, unknown>;
  const shape = shapeOf(definedAt, name);
  // In a path a choice goes without its type: `value` finds valueQuantity.
  const key =
    shape?.choice === true
      ? Object.keys(parent).find((one) => splitChoice(definedAt, one).name === name)
      : name;
  if (key === undefined || !Object.hasOwn(parent, key)) return [];
  const place = {
    parent,
    name: key,
    parentDefinedAt: definedAt,
    definedAt: shape?.definedAt(key.slice(name.length)) ?? '',
  };
  const child = parent[key];
  if (!Array.isArray(child)) return [{ ...place, value: child }];
  return child.map((item, index) => ({ ...place, index, value: item }));
}

function holds(criteria: string, { value, definedAt }: Location, at: string): boolean {
  try {
    const result = compileFhirPath(criteria, definedAt === '' ? {} : { base: definedAt })(value);
    return result.length === 1 && result[0] === true;
  } catch (error) {
    const reason = error instanceof FhirPathError ? error.message : 'it cannot be evaluated here';
    throw badRequest(`The criteria in where() is not usable: ${reason}.`, at);
  }
}

function parsePath(path: string, at: string): Step[] {
  const steps: Step[] = [];
  let rest = path.trim();
  while (rest !== '') {
    const index = /^\[(\d{1,6})\]/.exec(rest);
    if (index !== null) {
      steps.push({ kind: 'index', index: Number(index[1]) });
      rest = rest.slice(index[0].length);
    } else {
      if (steps.length > 0) {
        if (!rest.startsWith('.')) throw notAPlace(at);
        rest = rest.slice(1);
      }
      const member = MEMBER.exec(rest);
      if (member === null) throw notAPlace(at);
      const name = (member[1] ?? member[2]) as string;
      rest = rest.slice(member[0].length);
      if (rest.startsWith('(')) {
        const inside = untilClosing(rest, at);
        steps.push(...functionSteps(name, inside.trim(), at));
        rest = rest.slice(inside.length + 2);
      } else {
        steps.push({ kind: 'member', name });
      }
    }
  }
  return steps;
}

function functionSteps(name: string, argument: string, at: string): Step[] {
  if (name === 'where' && argument !== '') return [{ kind: 'where', criteria: argument }];
  if ((name === 'first' || name === 'last') && argument === '') return [{ kind: name }];
  if (name === 'single' && argument === '') return [];
  if (name === 'ofType' && argument !== '') return [{ kind: 'where', criteria: `$this is ${argument}` }];
  if (name === 'extension') {
    return [
      { kind: 'member', name: 'extension' },
      { kind: 'where', criteria: `url = ${argument}` },
    ];
  }
  throw notAPlace(at);
}

/** What is inside the parentheses that `text` begins with; quotes and nesting respected. */
function untilClosing(text: string, at: string): string {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (quoted && character === '\\') index++;
    else if (character === "'") quoted = !quoted;
    else if (!quoted && character === '(') depth++;
    else if (!quoted && character === ')' && --depth === 0) return text.slice(1, index);
  }
  throw notAPlace(at);
}

function notAPlace(at: string): Error {
  return badRequest(
    "The path must lead to an element by members, indexes, where(…), first(), last(), ofType(…) or extension('…').",
    at,
  );
}
