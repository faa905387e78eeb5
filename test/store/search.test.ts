import { describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';

const UCUM = 'http://unitsofmeasure.org';
const coding = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});

const RESOURCES = [
  {
    resourceType: 'Patient',
    id: 'else',
    identifier: [
      { system: 'urn:x', value: '1', type: coding('urn:types', 'MR') },
      { system: 'urn:y', value: '1' },
    ],
    name: [{ family: 'Ågård', given: ['Else', 'Marie'] }],
    gender: 'female',
    birthDate: '1941-05-17',
    generalPractitioner: [{ reference: 'Organization/practice' }],
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml">Fru <b>Ågård</b> bor alene</div>',
    },
  },
  {
    resourceType: 'Patient',
    id: 'bo',
    name: [{ family: 'Agard-Møller', given: ['Bo'] }],
    gender: 'male',
    birthDate: '1950',
  },
  { resourceType: 'Patient', id: 'none', active: true },
  {
    resourceType: 'Organization',
    id: 'practice',
    name: 'Lægerne Torvet',
    partOf: { reference: 'Organization/region' },
  },
  { resourceType: 'Organization', id: 'region', name: 'Region Syddanmark' },
  {
    resourceType: 'Encounter',
    id: 'stay',
    status: 'finished',
    class: { system: 'urn:class', code: 'IMP', display: 'inpatient encounter' },
    subject: { reference: 'Patient/else' },
    period: { start: '2026-03-10T08:00:00+01:00', end: '2026-03-12T14:00:00+01:00' },
  },
  {
    resourceType: 'Encounter',
    id: 'open',
    status: 'in-progress',
    class: { system: 'urn:class', code: 'EMER' },
    subject: { identifier: { system: 'urn:x', value: '2' } },
    period: { start: '2026-03-29T01:30:00+01:00' },
  },
  {
    resourceType: 'Observation',
    id: 'weight',
    status: 'final',
    code: coding('urn:codes', 'weight', 'Body weight'),
    subject: { reference: 'Patient/else' },
    encounter: { reference: 'Encounter/stay' },
    effectiveDateTime: '2026-03-11',
    valueQuantity: { value: 5.4, system: UCUM, code: 'mg', unit: 'mg' },
  },
  {
    resourceType: 'RiskAssessment',
    id: 'risk',
    status: 'final',
    subject: { reference: 'Patient/bo' },
    prediction: [{ probabilityDecimal: 0.25 }],
  },
  {
    resourceType: 'ValueSet',
    id: 'set',
    status: 'active',
    url: 'http://acme.org/fhir/ValueSet/123',
  },
  {
    resourceType: 'List',
    id: 'list',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/bo' } }],
  },
  {
    resourceType: 'Task',
    id: 'task',
    status: 'requested',
    intent: 'order',
    focus: { reference: 'Encounter/stay' },
    for: { reference: 'Patient/else' },
  },
] as Resource[];

async function ids(store: Store, request: string): Promise<string[]> {
  const [type, text = ''] = request.split('?');
  const page = await store.search(parseSearch(type === '' ? undefined : type, new URLSearchParams(text)));
  return page.matches.map(({ id }) => id).sort();
}

/** Request and the ids it finds. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['Patient', ['bo', 'else', 'none']],
  ['Patient?identifier=urn:x|1', ['else']],
  ['Patient?identifier=1', ['else']],
  ['Patient?identifier=urn:y|', ['else']],
  ['Patient?identifier=|1', []],
  ['Patient?identifier:of-type=urn:types|MR|1', ['else']],
  ['Patient?gender=female,male', ['bo', 'else']],
  ['Patient?gender=http://hl7.org/fhir/administrative-gender|female', ['else']],
  ['Patient?gender=urn:other|female', []],
  ['Patient?gender:not=female', ['bo', 'none']],
  ['Patient?gender:missing=true', ['none']],
  ['Patient?gender:missing=false', ['bo', 'else']],
  ['Patient?name=agard', ['bo', 'else']],
  ['Patient?name:exact=Ågård', ['else']],
  ['Patient?name:contains=møl', ['bo']],
  ['Patient?family=AGARD&given=Marie', ['else']],
  ['Patient?birthdate=1941', ['else']],
  ['Patient?birthdate=1941-05-17', ['else']],
  ['Patient?birthdate=ge1950', ['bo']],
  ['Patient?birthdate=lt1950', ['else']],
  ['Patient?birthdate=gt1941-05-16&birthdate=lt1941-05-18', ['else']],
  ['Patient?birthdate=1950-06', []],
  ['Patient?birthdate=ne1950', ['else']],
  ['Patient?_id=else,none', ['else', 'none']],
  ['Patient?_text=alene', ['else']],
  ['Patient?_text=alene fru', ['else']],
  ['Patient?_list=list', ['bo']],
  ['Patient?general-practitioner=Organization/practice', ['else']],
  ['Patient?general-practitioner=practice', ['else']],
  ['Patient?general-practitioner:Organization=practice', ['else']],
  ['Patient?general-practitioner:Organization.name=læge', ['else']],
  ['Patient?general-practitioner.name=læge', ['else']],
  ['Patient?general-practitioner:Organization.partof.name=region', ['else']],
  ['Patient?_has:Encounter:subject:status=finished', ['else']],
  ['Patient?_has:Encounter:subject:_has:Task:focus:status=requested', ['else']],
  ['Patient?_has:Observation:patient:code=urn:codes|weight', ['else']],
  ['Encounter?subject=Patient/else', ['stay']],
  ['Encounter?subject:identifier=urn:x|2', ['open']],
  ['Encounter?subject:missing=true', []],
  ['Encounter?date=2026-03-11', []],
  ['Encounter?date=2026-03', ['stay']],
  ['Encounter?date=ap2026-03-11', ['open', 'stay']],
  ['Encounter?date=sa2026-03-12', ['open']],
  ['Encounter?date=eb2026-03-13', ['stay']],
  ['Encounter?date=gt2030', ['open']],
  ['Encounter?class=urn:class|IMP&status=finished', ['stay']],
  ['Encounter?class:text=inpat', ['stay']],
  ['Encounter?patient.birthdate=1941&status=finished', ['stay']],
  ['Encounter?_filter=status eq finished and (date ge 2026-03 or not (class eq "IMP"))', ['stay']],
  ['Observation?value-quantity=5.4|http://unitsofmeasure.org|mg', ['weight']],
  ['Observation?value-quantity=0.0054|http://unitsofmeasure.org|g', ['weight']],
  ['Observation?value-quantity=gt5|http://unitsofmeasure.org|ug', ['weight']],
  ['Observation?value-quantity=5.4||mg', ['weight']],
  ['Observation?value-quantity=lt5.4', []],
  ['Observation?value-quantity=5', ['weight']],
  ['Observation?value-quantity=5.3', []],
  ['Observation?code-value-quantity=urn:codes|weight$5.4|http://unitsofmeasure.org|mg', ['weight']],
  ['Observation?code-value-quantity=urn:codes|weight$gt6', []],
  ['RiskAssessment?probability=0.25', ['risk']],
  ['RiskAssessment?probability=gt0.25', []],
  ['RiskAssessment?probability=ge0.25', ['risk']],
  ['ValueSet?url=http://acme.org/fhir/ValueSet/123', ['set']],
  ['ValueSet?url:below=http://acme.org/fhir/', ['set']],
  ['ValueSet?url:below=http://acme.org/fhir/ValueSet/12', []],
  ['ValueSet?url:above=http://acme.org/fhir/ValueSet/123/history/5', ['set']],
  ['?_type=Patient,Organization', ['bo', 'else', 'none', 'practice', 'region']],
  ['?_id=stay', ['stay']],
  ['Patient?_lastUpdated=gt2020', ['bo', 'else', 'none']],
  ['Patient?_lastUpdated=lt2020', []],
];

describe('searching', () => {
  onEveryStore((fixture) => {
    it('finds what the specification says', async () => {
      const store = await fixture.open();
      await store.transaction((t) => t.write(RESOURCES.map((resource) => ({ op: 'create', resource }))));
      const found: Record<string, readonly string[]> = {};
      for (const [request] of CASES) {
        found[request] = await ids(store, request);
      }
      expect(found).toEqual(Object.fromEntries(CASES));
    });
  });
});
