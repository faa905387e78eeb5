import { describe, expect, it } from '@jest/globals';
import { compileFhirPath, FhirPathError, parseFhirPath } from '../../src/fhir/fhirpath.ts';
import { effort } from '../support/effort.ts';

const PATIENT = {
  resourceType: 'Patient',
  birthDate: '1940-02-29',
  name: [
    { use: 'official', given: ['Asta', 'Birthe'] },
    { use: 'nickname', text: 'Bitten' },
  ],
};

function errorOf(expression: string): FhirPathError {
  try {
    compileFhirPath(expression);
  } catch (error) {
    if (error instanceof FhirPathError) {
      return error;
    }
  }
  throw new Error(`compiled: ${expression}`);
}

describe('results', () => {
  it('are plain values, dates as text', () => {
    expect(compileFhirPath('name.given')(PATIENT)).toEqual(['Asta', 'Birthe']);
    expect(compileFhirPath('birthDate + 1 year')(PATIENT)).toEqual(['1941-02-28']);
    expect(compileFhirPath('1.5 + 2')(PATIENT)).toEqual([3.5]);
    expect(compileFhirPath('name.count() > 1')(PATIENT)).toEqual([true]);
  });

  it('are the objects of the data themselves, unmarked, also when those are frozen', () => {
    const patient = Object.freeze({
      ...PATIENT,
      name: Object.freeze(PATIENT.name.map((name) => Object.freeze(name))),
    });
    const [name] = compileFhirPath("name.where(use = 'official')")(patient);
    expect(name).toBe(patient.name[0]);
    expect(Reflect.ownKeys(name as object)).toEqual(['use', 'given']);
  });

  it('keep the type of a date where they are asked to', () => {
    const [date] = compileFhirPath('birthDate', { typed: true })(PATIENT);
    expect(compileFhirPath('%born < @1950-01-01')(PATIENT, { born: date })).toEqual([true]);
  });

  it('of one evaluation do not carry its variables into the next', () => {
    const name = compileFhirPath('name')(PATIENT, { use: 'official' });
    const used = compileFhirPath('where(use = %use).count()', { base: 'Patient.name' });
    expect(used(name, { use: 'nickname' })).toEqual([1]);
    expect(() => used(name)).toThrow(/use/);
  });

  it('of an element are typed by its base', () => {
    expect(compileFhirPath('end > @2026-01-01', { base: 'Period' })({ end: '2026-01-02' })).toEqual([true]);
  });
});

it('a variable is read only when the expression comes to it', () => {
  let asked = 0;
  const variables = {
    get a() {
      asked += 1;
      return 1;
    },
    get b(): number {
      throw new Error('not asked for');
    },
  };
  expect(compileFhirPath('%a = 1')(PATIENT, variables)).toEqual([true]);
  expect(asked).toBeGreaterThan(0);
});

it('the same expression is compiled once', () => {
  expect(compileFhirPath('name.given.first()')).toBe(compileFhirPath('name.given.first()'));
  expect(compileFhirPath('name', { base: 'Patient' })).not.toBe(compileFhirPath('name'));
});

it('functions of our own are used, and do not leak into other compilations', () => {
  const functions = { double: { fn: (inputs: number[]) => inputs.map((n) => n * 2), arity: { 0: [] } } };
  expect(compileFhirPath('(1 | 2).double()', { functions })({})).toEqual([2, 4]);
  expect(() => compileFhirPath('(1 | 2).double()')({})).toThrow();
});

describe('refused', () => {
  it('is a syntax error, with its place', () => {
    expect(errorOf('name.where(').position).toEqual({ line: 1, column: 12 });
    expect(errorOf("name.exists() and\n name.where(use='x)").position?.line).toBe(2);
    expect(errorOf('').message).toMatch(/ends too early/);
  });

  it('is the clock, unless it is allowed', () => {
    for (const clock of ['today()', 'now()', 'timeOfDay()', 'birthDate < today() - 80 years']) {
      expect(errorOf(clock).message).toMatch(/not allowed here/);
      expect(compileFhirPath(clock, { allowClock: true })(PATIENT)).toHaveLength(1);
    }
  });

  it('is what would ask a server in the network', () => {
    for (const outside of [
      'subject.resolve()',
      "code.memberOf('http://example.org')",
      "conformsTo('http://example.org')",
    ]) {
      expect(errorOf(outside).message).toMatch(/not available/);
    }
  });

  it('is nesting without end, soon', () => {
    const refused = effort();
    expect(errorOf(`${'('.repeat(5000)}1${')'.repeat(5000)}`).message).toMatch(/deeply/);
    expect(errorOf('a'.repeat(30_000)).message).toMatch(/longer/);
    expect(refused.thread()).toBeLessThan(10_000);
  });
});

it('the syntax tree names functions with their places', () => {
  const names: string[] = [];
  parseFhirPath('name.where(use.exists())', (node) => {
    if (node.type === 'FunctionInvocation') {
      names.push(`${node.text}@${node.start?.column}`);
    }
    return undefined;
  });
  expect(names).toEqual(['where@6', 'exists@16']);
});
