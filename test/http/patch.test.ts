import { describe, expect, it } from '@jest/globals';
import { FhirError } from '../../src/fhir/outcome.ts';
import { applyFhirPathPatch } from '../../src/http/patch/fhirpath-patch.ts';
import { applyJsonPatch } from '../../src/http/patch/json-patch.ts';

const PATIENT = {
  resourceType: 'Patient',
  id: 'p',
  active: true,
  name: [
    { use: 'official', family: 'Hansen', given: ['Inger', 'Marie'] },
    { use: 'usual', text: 'Inger' },
  ],
  contact: [{ gender: 'male', name: { family: 'Hansen' } }],
};

function statusOf(work: () => unknown): number {
  try {
    work();
  } catch (error) {
    if (error instanceof FhirError) return error.status;
    throw error;
  }
  return 200;
}

describe('a JSON Patch (RFC 6902)', () => {
  it.each([
    ['adds a member', [{ op: 'add', path: '/birthDate', value: '1940-01-01' }], { birthDate: '1940-01-01' }],
    ['replaces a member', [{ op: 'replace', path: '/active', value: false }], { active: false }],
    [
      'adds to the end of a list',
      [{ op: 'add', path: '/name/0/given/-', value: 'K' }],
      { name: [{ ...PATIENT.name[0], given: ['Inger', 'Marie', 'K'] }, PATIENT.name[1]] },
    ],
    [
      'inserts into a list',
      [{ op: 'add', path: '/name/0/given/1', value: 'K' }],
      { name: [{ ...PATIENT.name[0], given: ['Inger', 'K', 'Marie'] }, PATIENT.name[1]] },
    ],
    ['removes from a list', [{ op: 'remove', path: '/name/1' }], { name: [PATIENT.name[0]] }],
    [
      'moves',
      [{ op: 'move', from: '/name/1', path: '/name/0' }],
      { name: [PATIENT.name[1], PATIENT.name[0]] },
    ],
    [
      'copies',
      [{ op: 'copy', from: '/name/0/family', path: '/name/1/family' }],
      {
        name: [PATIENT.name[0], { ...PATIENT.name[1], family: 'Hansen' }],
      },
    ],
    ['tests', [{ op: 'test', path: '/name/0/family', value: 'Hansen' }], {}],
  ])('%s', (_what, patch, change) => {
    expect(applyJsonPatch(PATIENT, patch)).toEqual({ ...PATIENT, ...change });
  });

  it('leaves the original as it was', () => {
    const before = structuredClone(PATIENT);
    applyJsonPatch(PATIENT, [{ op: 'remove', path: '/name/0/given/0' }]);
    expect(PATIENT).toEqual(before);
  });

  it.each([
    ['no list', {}, 400],
    ['an unknown op', [{ op: 'append', path: '/active', value: 1 }], 400],
    ['no value', [{ op: 'add', path: '/active' }], 400],
    ['a path without slash', [{ op: 'remove', path: 'active' }], 400],
    ['a prototype', [{ op: 'add', path: '/__proto__/polluted', value: true }], 400],
    ['a member that is not there', [{ op: 'remove', path: '/birthDate' }], 422],
    ['an index beyond the list', [{ op: 'add', path: '/name/9', value: {} }], 422],
    ['a failed test', [{ op: 'test', path: '/active', value: false }], 422],
    ['a move into itself', [{ op: 'move', from: '/name', path: '/name/0' }], 422],
    ['a path through a text', [{ op: 'replace', path: '/id/0', value: 'x' }], 422],
  ])('with %s is refused with its status', (_what, patch, status) => {
    expect(statusOf(() => applyJsonPatch(PATIENT, patch))).toBe(status);
  });
});

function operation(type: string, parts: Record<string, unknown>): object {
  return {
    name: 'operation',
    part: [
      { name: 'type', valueCode: type },
      ...Object.entries(parts).map(([name, value]) =>
        typeof value === 'object'
          ? { name, ...value }
          : { name, [typeof value === 'number' ? 'valueInteger' : 'valueString']: value },
      ),
    ],
  };
}

function patched(...operations: object[]): unknown {
  return applyFhirPathPatch(PATIENT, { resourceType: 'Parameters', parameter: operations });
}

describe('a FHIRPath Patch', () => {
  it('adds a single element', () => {
    expect(
      patched(operation('add', { path: 'Patient', name: 'birthDate', value: { valueDate: '1940-01-01' } })),
    ).toEqual({ ...PATIENT, birthDate: '1940-01-01' });
  });

  it('adds to a list that is not there yet', () => {
    expect(
      patched(
        operation('add', { path: 'Patient', name: 'telecom', value: { valueContactPoint: { value: '1' } } }),
      ),
    ).toEqual({ ...PATIENT, telecom: [{ value: '1' }] });
  });

  it('adds a list within a data type', () => {
    expect(
      patched(operation('add', { path: 'Patient.name[1]', name: 'given', value: { valueString: 'Inger' } })),
    ).toEqual({ ...PATIENT, name: [PATIENT.name[0], { ...PATIENT.name[1], given: ['Inger'] }] });
  });

  it('adds a choice element under its typed name', () => {
    expect(
      patched(operation('add', { path: 'Patient', name: 'deceased', value: { valueBoolean: true } })),
    ).toEqual({ ...PATIENT, deceasedBoolean: true });
  });

  it('adds a backbone element from parts', () => {
    expect(
      patched(
        operation('add', {
          path: 'Patient',
          name: 'contact',
          value: { part: [{ name: 'gender', valueCode: 'female' }] },
        }),
      ),
    ).toEqual({ ...PATIENT, contact: [...PATIENT.contact, { gender: 'female' }] });
  });

  it('replaces what where() selects', () => {
    expect(
      patched(
        operation('replace', {
          path: "Patient.name.where(use = 'usual').text",
          value: { valueString: 'Ingrid' },
        }),
      ),
    ).toEqual({ ...PATIENT, name: [PATIENT.name[0], { use: 'usual', text: 'Ingrid' }] });
  });

  it('replaces a choice by one of another type', () => {
    const dead = { ...PATIENT, deceasedBoolean: true };
    const patch = operation('replace', { path: 'Patient.deceased', value: { valueDateTime: '2026-01-01' } });
    expect(applyFhirPathPatch(dead, { resourceType: 'Parameters', parameter: [patch] })).toEqual({
      ...PATIENT,
      deceasedDateTime: '2026-01-01',
    });
  });

  it('deletes, and what is not there is deleted already', () => {
    const { active: _active, ...rest } = PATIENT;
    expect(patched(operation('delete', { path: 'Patient.active' }))).toEqual(rest);
    expect(patched(operation('delete', { path: 'Patient.birthDate' }))).toEqual(PATIENT);
  });

  it('inserts and moves within a list', () => {
    expect(
      patched(operation('insert', { path: 'Patient.name[0].given', index: 1, value: { valueString: 'K' } })),
    ).toEqual({
      ...PATIENT,
      name: [{ ...PATIENT.name[0], given: ['Inger', 'K', 'Marie'] }, PATIENT.name[1]],
    });
    expect(patched(operation('move', { path: 'Patient.name', source: 1, destination: 0 }))).toEqual({
      ...PATIENT,
      name: [PATIENT.name[1], PATIENT.name[0]],
    });
  });

  it.each([
    ['an unknown type', operation('upsert', { path: 'Patient' }), 400],
    ['a computed path', operation('delete', { path: 'Patient.name.count()' }), 400],
    ['a broken criteria', operation('delete', { path: 'Patient.name.where(use = )' }), 400],
    ['no path', operation('delete', {}), 400],
    ['several elements', operation('delete', { path: 'Patient.name' }), 422],
    ['nothing to replace', operation('replace', { path: 'Patient.photo', value: { valueString: 'x' } }), 422],
    [
      'an element that R4 does not know',
      operation('add', { path: 'Patient', name: 'colour', value: { valueString: 'x' } }),
      422,
    ],
    [
      'a single element twice',
      operation('add', { path: 'Patient', name: 'active', value: { valueBoolean: true } }),
      422,
    ],
    [
      'an index beyond the list',
      operation('insert', { path: 'Patient.name', index: 9, value: { valueHumanName: {} } }),
      422,
    ],
  ])('with %s is refused with its status', (_what, one, status) => {
    expect(statusOf(() => patched(one))).toBe(status);
  });
});
