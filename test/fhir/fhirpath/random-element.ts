import r4 from 'fhirpath/fhir-context/r4';
import type { Random } from './random.ts';

const MODEL = r4 as unknown as {
  readonly path2Type: Readonly<Record<string, string>>;
  readonly path2Repeating: Readonly<Record<string, true>>;
  readonly pathsDefinedElsewhere: Readonly<Record<string, string>>;
};

const children = new Map<string, string[]>();
for (const path of Object.keys(MODEL.path2Type)) {
  const at = path.lastIndexOf('.');
  if (at > 0)
    children.set(path.slice(0, at), [...(children.get(path.slice(0, at)) ?? []), path.slice(at + 1)]);
}

/** Few values, so that comparisons meet equal ones; those of times in every precision and zone. */
const TEXTS = [
  'a',
  'b',
  'official',
  'IMP',
  'http://a.org',
  '#a',
  'A',
  ' a  b ',
  '1',
  'true',
  '2026-03-01',
  "5 'mg'",
  '',
];
const PRIMITIVES: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  integer: [0, 1, 2, -3, 70],
  unsignedInt: [0, 1, 2],
  positiveInt: [1, 2, 30],
  decimal: [0, 0.1, 0.3, 1.5, 2, 1e-9, 100.25],
  date: ['2026', '2026-03', '2026-03-01', '2025-12-31', '2026-02-30', 'soon'],
  dateTime: [
    '2026',
    '2026-03',
    '2026-03-01',
    '2026-03-01T10:00:00Z',
    '2026-03-01T11:00:00+01:00',
    '2026-03-01T10:00:00.500Z',
  ],
  instant: ['2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000+01:00', '2026-03-01T23:30:00-05:00'],
  time: ['10:00', '10:00:00', '23:59:59.9'],
};
const EXTENSION_URLS = ['http://a.org/x', 'http://a.org/y'];

/**
 * An element of R4's shape with made-up content: choices, repetitions, extensions on primitive values, nulls among
 * them, contained resources. Now and then it breaks the shape.
 */
export function randomElement(path: string, random: Random, depth = 3): Record<string, unknown> {
  const element: Record<string, unknown> = {};
  const names = children.get(path) ?? [];
  const wanted = 1 + random.below(Math.min(names.length, 6) + 1);
  for (let count = 0; count < wanted && names.length > 0; count += 1)
    setChild(element, path, random.of(names), random, depth);
  return element;
}

export function randomResource(type: string, random: Random, depth = 3): Record<string, unknown> {
  return { resourceType: type, ...randomElement(type, random, depth) };
}

function setChild(
  element: Record<string, unknown>,
  path: string,
  name: string,
  random: Random,
  depth: number,
): void {
  const full = `${path}.${name}`;
  const type = (MODEL.path2Type[full] ?? 'string').replace('System.String', 'string');
  const one = () => madeUp(full, type, name, random, depth);
  const repeats = full in MODEL.path2Repeating ? !random.chance(0.05) : random.chance(0.03);
  const primitive = /^[a-z]/.test(type);
  if (depth <= 0 && !primitive) return;
  if (repeats)
    element[name] = Array.from({ length: random.below(4) }, () =>
      primitive && random.chance(0.15) ? null : one(),
    );
  else if (!random.chance(0.1)) element[name] = random.chance(0.03) ? null : one();
  if (primitive && random.chance(0.25)) {
    const extra = () => (random.chance(0.3) ? null : { extension: [extension(random, 0)] });
    element[`_${name}`] = repeats ? Array.from({ length: random.below(4) }, extra) : extra();
  }
}

function madeUp(path: string, type: string, name: string, random: Random, depth: number): unknown {
  if (name === 'extension' || name === 'modifierExtension') return extension(random, depth - 1);
  if (type === 'Resource')
    return randomResource(random.of(['Patient', 'Observation', 'Encounter']), random, depth - 2);
  if (/^[a-z]/.test(type)) return random.of(random.chance(0.02) ? TEXTS : (PRIMITIVES[type] ?? TEXTS));
  if (type === 'BackboneElement' || type === 'Element') {
    return randomElement(MODEL.pathsDefinedElsewhere[path] ?? path, random, depth - 1);
  }
  if (type === 'Quantity' && random.chance(0.7)) return quantity(random);
  return randomElement(type, random, depth - 1);
}

function quantity(random: Random): Record<string, unknown> {
  return {
    value: random.of([0, 1, 5, 1000, 0.001]),
    system: 'http://unitsofmeasure.org',
    code: random.of(['mg', 'g', 'd', 'h', 'a', '1']),
    ...(random.chance(0.1) ? { comparator: '<' } : {}),
  };
}

function extension(random: Random, depth: number): Record<string, unknown> {
  const url = random.of(EXTENSION_URLS);
  if (depth > 0 && random.chance(0.3)) return { url, extension: [extension(random, depth - 1)] };
  return random.of([
    () => ({ url, valueString: random.of(TEXTS) }),
    () => ({ url, valueBoolean: random.chance(0.5) }),
    () => ({ url, valueDateTime: random.of(PRIMITIVES.dateTime as readonly unknown[]) }),
    () => ({ url, valueQuantity: quantity(random) }),
    () => ({ url, valueInteger: random.below(5) }),
  ])();
}
