import { encounter, observation, patient, type Row, row, task } from './row.ts';

const XHTML = 'xmlns="http://www.w3.org/1999/xhtml"';

export const BINDING_ROWS: readonly Row[] = [
  row('a status is of its value set', task({ status: 'done' }), 'Task.status', 'code-invalid'),
  row('the case of a code matters', task({ status: 'Requested' }), 'Task.status', 'code-invalid'),
  row('an intent is of its value set', task({ intent: 'Order' }), 'Task.intent', 'code-invalid'),
  row('a priority is of its value set', task({ priority: 'high' }), 'Task.priority', 'code-invalid'),
  row('a gender is of its value set', patient({ gender: 'm' }), 'Patient.gender', 'code-invalid'),
  row(
    'the use of a name is of its value set',
    patient({ name: [{ use: 'legal', text: 'A' }] }),
    'Patient.name[0].use',
    'code-invalid',
  ),
  row(
    'the use of an identifier is of its value set',
    patient({ identifier: [{ use: 'primary', value: '1' }] }),
    'Patient.identifier[0].use',
    'code-invalid',
  ),
  row(
    'the system of a contact is of its value set',
    patient({ telecom: [{ system: 'mobile', value: '1' }] }),
    'Patient.telecom[0].system',
    'code-invalid',
  ),
  row(
    'an address type is of its value set',
    patient({ address: [{ type: 'home' }] }),
    'Patient.address[0].type',
    'code-invalid',
  ),
  row(
    'a link type is of its value set',
    patient({ link: [{ type: 'same', other: { reference: 'Patient/2' } }] }),
    'Patient.link[0].type',
    'code-invalid',
  ),
  row(
    'a narrative status is of its value set',
    patient({ text: { status: 'ok', div: `<div ${XHTML}>a</div>` } }),
    'Patient.text.status',
    'code-invalid',
  ),
  row(
    'an encounter status is of its value set',
    encounter({ status: 'admitted' }),
    'Encounter.status',
    'code-invalid',
  ),
  row(
    'an observation status is of its value set',
    observation({ status: 'done' }),
    'Observation.status',
    'code-invalid',
  ),
  row(
    'a comparator is of its value set',
    observation({ valueQuantity: { value: 1, comparator: '=' } }),
    'Observation.value.ofType(Quantity).comparator',
    'code-invalid',
  ),
  row(
    'an administrative code in a backbone is of its value set',
    encounter({ statusHistory: [{ status: 'x', period: { start: '2026-01-01' } }] }),
    'Encounter.statusHistory[0].status',
    'code-invalid',
  ),
  row(
    'a bundle type is of its value set',
    { resourceType: 'Bundle', type: 'list' },
    'Bundle.type',
    'code-invalid',
  ),
  row(
    'a resource type in a code is of its value set',
    {
      resourceType: 'SearchParameter',
      url: 'http://example.org/a',
      name: 'A',
      status: 'draft',
      description: 'a',
      code: 'a',
      base: ['Citizen'],
      type: 'token',
    },
    'SearchParameter.base[0]',
    'code-invalid',
  ),
  row(
    'a search type is of its value set',
    {
      resourceType: 'SearchParameter',
      url: 'http://example.org/a',
      name: 'A',
      status: 'draft',
      description: 'a',
      code: 'a',
      base: ['Patient'],
      type: 'text',
    },
    'SearchParameter.type',
    'code-invalid',
  ),
  row(
    'a CodeableConcept that must be coded has a code of the set',
    {
      resourceType: 'AllergyIntolerance',
      patient: { reference: 'Patient/1' },
      clinicalStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'gone' },
        ],
      },
    },
    'AllergyIntolerance.clinicalStatus',
    'code-invalid',
  ),
  row(
    'a CodeableConcept that must be coded is not text alone',
    { resourceType: 'Condition', subject: { reference: 'Patient/1' }, clinicalStatus: { text: 'aktiv' } },
    'Condition.clinicalStatus',
    'code-invalid',
  ),
  row(
    'the right code of another system is wrong',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      clinicalStatus: { coding: [{ system: 'http://example.org', code: 'active' }] },
    },
    'Condition.clinicalStatus',
    'code-invalid',
  ),
  row(
    'a code without its system is wrong',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      verificationStatus: { coding: [{ code: 'confirmed' }] },
    },
    'Condition.verificationStatus',
    'code-invalid',
  ),
  row(
    'a media type has its form',
    { resourceType: 'Binary', contentType: 'application/ json' },
    'Binary.contentType',
    'code-invalid',
  ),
  row(
    'a currency has three letters',
    { resourceType: 'Parameters', parameter: [{ name: 'a', valueMoney: { value: 1, currency: 'kroner' } }] },
    'Parameters.parameter[0].value.ofType(Money).currency',
    'code-invalid',
  ),
  row(
    'a day of the week is of its value set',
    { resourceType: 'Location', hoursOfOperation: [{ daysOfWeek: ['monday'] }] },
    'Location.hoursOfOperation[0].daysOfWeek[0]',
    'code-invalid',
  ),
  row(
    'a publication status is of its value set',
    { resourceType: 'PlanDefinition', status: 'final' },
    'PlanDefinition.status',
    'code-invalid',
  ),
  row(
    'a unit of time is of its value set',
    {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/1' },
      occurrenceTiming: { repeat: { period: 1, periodUnit: 'day' } },
    },
    'ServiceRequest.occurrence.ofType(Timing).repeat.periodUnit',
    'code-invalid',
  ),
];
