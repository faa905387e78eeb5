import { encounter, patient, type Row, row, task } from './row.ts';

const organization = { resourceType: 'Organization', id: 'o', name: 'A' };

export const REFERENCE_ROWS: readonly Row[] = [
  row(
    'a reference points to an allowed type',
    task({ encounter: { reference: 'Patient/1' } }),
    'Task.encounter.reference',
    'value',
  ),
  row(
    'an absolute reference points to an allowed type',
    task({ encounter: { reference: 'https://example.org/fhir/Patient/1' } }),
    'Task.encounter.reference',
    'value',
  ),
  row(
    'a version changes nothing of that',
    task({ encounter: { reference: 'Patient/1/_history/2' } }),
    'Task.encounter.reference',
    'value',
  ),
  row(
    'a reference names a known type',
    task({ for: { reference: 'Citizen/1' } }),
    'Task.for.reference',
    'value',
  ),
  row('a reference has an id', task({ for: { reference: 'Patient' } }), 'Task.for.reference', 'value'),
  row(
    'an id in a reference is an id',
    task({ for: { reference: 'Patient/a_b' } }),
    'Task.for.reference',
    'value',
  ),
  row(
    'a reference has no slash in front',
    task({ for: { reference: '/Patient/1' } }),
    'Task.for.reference',
    'value',
  ),
  row(
    'a conditional reference is for transactions',
    task({ for: { reference: 'Patient?identifier=a' } }),
    'Task.for.reference',
    'value',
  ),
  row(
    'a declared type is an allowed one',
    task({ encounter: { type: 'Patient', display: 'A' } }),
    'Task.encounter.type',
    'value',
  ),
  row(
    'a declared type is the type of the reference',
    task({ for: { reference: 'Patient/1', type: 'Group' } }),
    'Task.for.type',
    'value',
  ),
  row(
    'a reference in an array is checked at its place',
    encounter({ basedOn: [{ reference: 'ServiceRequest/1' }, { reference: 'Task/1' }] }),
    'Encounter.basedOn[1].reference',
    'value',
  ),
  row(
    '#id points to something contained',
    patient({ managingOrganization: { reference: '#o' } }),
    'Patient.managingOrganization.reference',
    'value',
  ),
  row(
    '#id points to something of an allowed type',
    patient({
      contained: [{ ...organization, id: 'o' }],
      generalPractitioner: [{ reference: '#o' }],
      link: [{ type: 'seealso', other: { reference: '#o' } }],
    }),
    'Patient.link[0].other.reference',
    'value',
  ),
  row(
    'what is contained is referred to',
    patient({ contained: [organization] }),
    'Patient.contained[0]',
    'invariant',
  ),
  row(
    'what is contained has an id',
    patient({ contained: [{ resourceType: 'Organization', name: 'A' }] }),
    'Patient.contained[0]',
    'required',
  ),
  row(
    'what is contained has an id of its own',
    patient({ contained: [organization, organization], managingOrganization: { reference: '#o' } }),
    'Patient.contained[1]',
    'value',
  ),
  row(
    'what is contained contains nothing',
    patient({
      contained: [{ ...organization, contained: [{ ...organization, id: 'p' }] }],
      managingOrganization: { reference: '#o' },
    }),
    'Patient.contained[0].contained',
    'invariant',
  ),
  row(
    'what is contained has no version',
    patient({
      contained: [{ ...organization, meta: { versionId: '1' } }],
      managingOrganization: { reference: '#o' },
    }),
    'Patient.contained[0]',
    'invariant',
  ),
  row(
    'what is contained has no time of change',
    patient({
      contained: [{ ...organization, meta: { lastUpdated: '2026-01-01T00:00:00Z' } }],
      managingOrganization: { reference: '#o' },
    }),
    'Patient.contained[0]',
    'invariant',
  ),
  row(
    'what is contained has no label',
    patient({
      contained: [{ ...organization, meta: { security: [{ code: 'R' }] } }],
      managingOrganization: { reference: '#o' },
    }),
    'Patient.contained[0]',
    'invariant',
  ),
  row(
    'what is contained is valid itself',
    patient({ contained: [{ ...organization, active: 'yes' }], managingOrganization: { reference: '#o' } }),
    'Patient.contained[0].active',
    'value',
  ),
  row(
    'what is contained is a known resource',
    patient({ contained: [{ resourceType: 'Foo', id: 'o' }], managingOrganization: { reference: '#o' } }),
    'Patient.contained[0]',
    'structure',
  ),
];
