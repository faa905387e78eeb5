import { encounter, observation, patient, type Row, row, task } from './row.ts';

const XHTML = 'xmlns="http://www.w3.org/1999/xhtml"';
const narrative = (fact: string, div: string): Row =>
  row(fact, patient({ text: { status: 'generated', div } }), 'Patient.text.div', 'invariant');
export const INVARIANT_ROWS: readonly Row[] = [
  row(
    'per-1: a period ends after its start',
    encounter({ period: { start: '2026-03-02', end: '2026-03-01' } }),
    'Encounter.period',
    'invariant',
  ),
  row(
    'per-1: offsets count',
    encounter({ period: { start: '2026-03-01T10:00:00+01:00', end: '2026-03-01T09:30:00+02:00' } }),
    'Encounter.period',
    'invariant',
  ),
  row(
    'per-1: years count',
    encounter({ period: { start: '2026', end: '2025-12-31' } }),
    'Encounter.period',
    'invariant',
  ),
  row(
    'qty-3: a coded unit has a system',
    observation({ valueQuantity: { value: 1, code: 'mg' } }),
    'Observation.value.ofType(Quantity)',
    'invariant',
  ),
  row(
    'cpt-2: a contact with a value has a system',
    patient({ telecom: [{ value: '12345678' }] }),
    'Patient.telecom[0]',
    'invariant',
  ),
  row(
    'rng-2: a range rises',
    observation({ valueRange: { low: { value: 2 }, high: { value: 1 } } }),
    'Observation.value.ofType(Range)',
    'invariant',
  ),
  row(
    'rat-1: a ratio has both sides',
    observation({ valueRatio: { numerator: { value: 1 } } }),
    'Observation.value.ofType(Ratio)',
    'invariant',
  ),
  row('att-1: data says what it is', patient({ photo: [{ data: 'AAAA' }] }), 'Patient.photo[0]', 'invariant'),
  row(
    'exp-1: an expression has a text or a place',
    {
      resourceType: 'PlanDefinition',
      status: 'draft',
      action: [{ condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath' } }] }],
    },
    'PlanDefinition.action[0].condition[0].expression',
    'invariant',
  ),
  row(
    'tim-2: a period has a unit',
    {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/1' },
      occurrenceTiming: { repeat: { period: 1 } },
    },
    'ServiceRequest.occurrence.ofType(Timing).repeat',
    'invariant',
  ),
  row(
    'ext-1: an extension has a value or extensions',
    patient({ extension: [{ url: 'http://example.org/a' }] }),
    'Patient.extension[0]',
    'invariant',
  ),
  row(
    'ext-1: an extension has not both',
    patient({
      extension: [
        { url: 'http://example.org/a', valueString: 'a', extension: [{ url: 'b', valueString: 'b' }] },
      ],
    }),
    'Patient.extension[0]',
    'invariant',
  ),
  row(
    'pat-1: a contact has some detail',
    patient({ contact: [{ gender: 'male' }] }),
    'Patient.contact[0]',
    'invariant',
  ),
  row(
    'org-1: an organisation has a name or an identifier',
    { resourceType: 'Organization', active: true },
    'Organization',
    'invariant',
  ),
  row(
    'org-2: an organisation has no home address',
    { resourceType: 'Organization', name: 'A', address: [{ use: 'home' }] },
    'Organization.address[0]',
    'invariant',
  ),
  row(
    'org-3: an organisation has no home telephone',
    { resourceType: 'Organization', name: 'A', telecom: [{ use: 'home', system: 'phone', value: '1' }] },
    'Organization.telecom[0]',
    'invariant',
  ),
  row(
    'inv-1: a task is modified after it was authored',
    task({ authoredOn: '2026-03-02T00:00:00Z', lastModified: '2026-03-01T00:00:00Z' }),
    'Task',
    'invariant',
  ),
  row(
    'obs-6: a reason for absence needs an absence',
    observation({ valueString: 'a', dataAbsentReason: { text: 'b' } }),
    'Observation',
    'invariant',
  ),
  row(
    'obs-3: a reference range says something',
    observation({ referenceRange: [{ appliesTo: [{ text: 'a' }] }] }),
    'Observation.referenceRange[0]',
    'invariant',
  ),
  row(
    'con-4: an abated condition is not active',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      abatementDateTime: '2026-01-01',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
    },
    'Condition',
    'invariant',
  ),
  row(
    'cpl-3: an activity is a reference or a detail',
    {
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/1' },
      activity: [{ reference: { reference: 'Task/1' }, detail: { status: 'scheduled' } }],
    },
    'CarePlan.activity[0]',
    'invariant',
  ),
  row(
    'bdl-1: only a search or a history has a total',
    { resourceType: 'Bundle', type: 'collection', total: 1 },
    'Bundle',
    'invariant',
  ),
  row(
    'bdl-5: an entry holds something',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ fullUrl: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' }],
    },
    'Bundle.entry[0]',
    'invariant',
  ),
  row(
    'bdl-7: full URLs differ',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { fullUrl: 'http://example.org/Patient/1', resource: patient() },
        { fullUrl: 'http://example.org/Patient/1', resource: patient() },
      ],
    },
    'Bundle',
    'invariant',
  ),
  row(
    'bdl-12: a message begins with its header',
    { resourceType: 'Bundle', type: 'message', entry: [{ resource: patient() }] },
    'Bundle',
    'invariant',
  ),
  row(
    'que-2: link ids differ',
    {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        { linkId: '1', type: 'string' },
        { linkId: '1', type: 'string' },
      ],
    },
    'Questionnaire',
    'invariant',
  ),
  row(
    'que-1: a group has no answer',
    {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'display', item: [{ linkId: '2', type: 'string' }] }],
    },
    'Questionnaire.item[0]',
    'invariant',
  ),
  row(
    'qrs-1: an item has answers or items',
    {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      item: [{ linkId: '1', answer: [{ valueString: 'a' }], item: [{ linkId: '2' }] }],
    },
    'QuestionnaireResponse.item[0]',
    'invariant',
  ),
  row(
    'drt-1: a coded duration has a system',
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: { text: 'a' },
      subject: { reference: 'Patient/1' },
      dispenseRequest: { expectedSupplyDuration: { value: 1, code: 'd' } },
    },
    'MedicationRequest.dispenseRequest.expectedSupplyDuration',
    'invariant',
  ),
  row(
    'vsd-1: an include names a set or a system',
    { resourceType: 'ValueSet', status: 'draft', compose: { include: [{ version: '1' }] } },
    'ValueSet.compose.include[0]',
    'invariant',
  ),
  row(
    'vsd-2: concepts have a system',
    {
      resourceType: 'ValueSet',
      status: 'draft',
      compose: { include: [{ valueSet: ['http://example.org/a'], concept: [{ code: 'a' }] }] },
    },
    'ValueSet.compose.include[0]',
    'invariant',
  ),
  row(
    'lst-1: a current list has nothing deleted',
    {
      resourceType: 'List',
      status: 'current',
      mode: 'working',
      entry: [{ deleted: true, item: { display: 'a' } }],
    },
    'List',
    'invariant',
  ),
  row(
    'csd-1: codes differ',
    {
      resourceType: 'CodeSystem',
      status: 'draft',
      content: 'complete',
      concept: [{ code: 'a' }, { code: 'a' }],
    },
    'CodeSystem',
    'invariant',
  ),
  narrative('a narrative is well-formed', `<div ${XHTML}><p>a</div>`),
  narrative('a narrative is a div', `<p ${XHTML}>a</p>`),
  narrative('a narrative has its name-space', '<div>a</div>'),
  narrative('a narrative has content', `<div ${XHTML}> </div>`),
  narrative('a narrative has no script', `<div ${XHTML}>a<script>b</script></div>`),
  narrative('a narrative has no event handlers', `<div ${XHTML}><p onclick="a()">a</p></div>`),
  narrative('a narrative has no active links', `<div ${XHTML}><a href=" javascript:a()">a</a></div>`),
  narrative('a narrative has no forms', `<div ${XHTML}>a<input type="text"/></div>`),
  narrative('a narrative has no entities of HTML', `<div ${XHTML}>a&nbsp;b</div>`),
  narrative('a narrative has no document type', `<!DOCTYPE div [<!ENTITY a "b">]><div ${XHTML}>&a;</div>`),
];
