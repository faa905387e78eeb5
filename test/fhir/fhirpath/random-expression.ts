import type { Random } from './random.ts';

const LITERALS =
  "'a' 'b' 'official' '#' 'http://a.org' 0 1 2 1.5 0.30 true false {} @2026 @2026-03 @2026-03-01 @2025-12-31T @2026-03-01T10:00:00Z @2026-03-01T10:00+01:00 @T10:00 5'mg' 2days 1year 1'h' 3L 'IMP' @2026-02-30".split(
    ' ',
  );
const TYPES =
  'Patient Observation Encounter Resource DomainResource Element string String code boolean Boolean integer decimal date dateTime DateTime Quantity Coding CodeableConcept Reference Period uri FHIR.string System.String FHIR.Patient Unknown'.split(
    ' ',
  );
const BINARY = '= = = != ~ !~ < > <= >= and and or or xor implies in contains + - * / & div mod | |'.split(
  ' ',
);
const PLAIN =
  'exists empty not count first last tail single distinct isDistinct children descendants hasValue getValue length upper lower trim toChars toInteger toString toDecimal toBoolean toDate toDateTime toTime toQuantity convertsToInteger convertsToDate convertsToString abs ceiling floor round sqrt truncate sum min max avg allTrue anyTrue allFalse anyFalse yearOf monthOf dateOf lowBoundary highBoundary join type twice'.split(
    ' ',
  );
const WITH_EXPRESSION = 'where where where select select exists all repeat aggregate trace1 pick'.split(' ');
const WITH_COLLECTION = 'union combine intersect exclude subsetOf supersetOf same'.split(' ');
const WITH_TEXT = 'startsWith endsWith contains indexOf matches split join extension'.split(' ');
const VARIABLES = '%resource %context %ucum %text %number %when %typed %list %other %nothing %unset'.split(
  ' ',
);
const COMMON =
  'code value extension url id system name use period start end status given subject reference coding birthDate identifier text resourceType Patient'.split(
    ' ',
  );

/** Names that occur in the data, as FHIRPath calls them. */
export function namesIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const one of value) namesIn(one, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const name = key.replace(/^_/, '');
      found.add(name);
      found.add(
        name.replace(/^(value|effective|onset|deceased|multipleBirth|medication|occurrence)[A-Z].*/, '$1'),
      );
      namesIn(child, found);
    }
  }
  return found;
}

/** Any expression of the grammar, leaning to what means something; some are errors. */
export function randomExpression(random: Random, names: readonly string[], depth = 4): string {
  const expression = (less = 1): string => randomExpression(random, names, depth - less);
  const name = (): string => {
    const chosen = random.of(random.chance(0.8) && names.length > 0 ? names : COMMON).replace(/^sort$/, 'id');
    return /^[A-Za-z][A-Za-z0-9]*$/.test(chosen) && !RESERVED.has(chosen) ? chosen : `\`${chosen}\``;
  };
  const path = (): string => Array.from({ length: 1 + random.below(3) }, name).join('.');
  if (depth <= 0)
    return random.of([path, path, () => random.of(LITERALS), () => random.of(VARIABLES), () => '$this'])();
  const source = (): string =>
    random.chance(0.7) ? path() : random.chance(0.5) ? random.of(VARIABLES) : `(${expression()})`;
  return random.of<() => string>([
    path,
    () => random.of(VARIABLES),
    () => random.of(LITERALS),
    () => `${expression(2)} ${random.of(BINARY)} ${expression(2)}`,
    () => `${source()} ${random.of(['=', '=', '!=', '~', '<', '>='])} ${random.of(LITERALS)}`,
    () => `${expression()} ${random.of(BINARY)} ${random.chance(0.5) ? random.of(LITERALS) : expression()}`,
    () => `${source()}.${random.of(PLAIN)}()`,
    () => `${source()}.${random.of(PLAIN)}().${random.of(PLAIN)}()`,
    () => `${source()}.${call(random, expression)}`,
    () => `${source()}.${call(random, expression)}.${random.chance(0.5) ? path() : `${random.of(PLAIN)}()`}`,
    () => `${source()}.${random.of(['ofType', 'is', 'as'])}(${random.of(TYPES)})`,
    () => `(${source()} ${random.of(['is', 'as'])} ${random.of(TYPES)})`,
    () => `${source()}[${random.of(['0', '1', expression(3)])}]`,
    () => `iif(${expression()}, ${expression()}${random.chance(0.7) ? `, ${expression()}` : ''})`,
    () => `-${source()}`,
    () => (random.chance(0.2) ? random.of(['$index', '$total']) : '$this'),
    () => `${source()}.defineVariable('mine'${random.chance(0.5) ? `, ${expression(2)}` : ''}).select(%mine)`,
  ])();
}

const RESERVED: ReadonlySet<string> = new Set(
  'and or xor implies in contains is as div mod true false asc desc sort day days year years month months hour hours minute minutes second seconds week weeks millisecond milliseconds'.split(
    ' ',
  ),
);

function call(random: Random, expression: (less?: number) => string): string {
  return random.of<() => string>([
    () => `${random.of(WITH_EXPRESSION).replace(/\d/, '')}(${expression()})`,
    () => `${random.of(['where', 'exists', 'all'])}(${expression()})`,
    () => `${random.of(WITH_COLLECTION)}(${expression()})`,
    () =>
      `${random.of(WITH_TEXT)}(${random.of(["'a'", "'http://a.org/x'", "'http://a.org/y'", "'#'", "'^a'", "'['", "''", expression(2)])})`,
    () =>
      `${random.of(['take', 'skip', 'substring', 'round'])}(${random.of(['0', '1', '2', expression(3)])})`,
    () => `aggregate($this + $total, ${expression(3)})`,
    () => `where($index ${random.of(['=', '>'])} ${random.below(3)})`,
    () => `trace('x', ${expression(2)})`,
    () => `replace('a', ${expression(3)})`,
    () =>
      `where(${random.of(COMMON)} = 'a' ${random.of(['and', 'or'])} ${random.of(COMMON)} = ${expression(3)})`,
  ])();
}
