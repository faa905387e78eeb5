import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPackages } from '../../../src/fhir/packages/load-packages.ts';
import { createValidator } from '../../../src/fhir/validation/validate.ts';
import { encounter, patient, type Row, row, task } from './rows/row.ts';

const OWN = 'https://overgang.dk/fhir';
const own = loadPackages(join(import.meta.dirname, '..', '..', '..', 'profiles')).then(({ definitions }) =>
  createValidator(definitions),
);
const claim = (id: string, resource: Record<string, unknown>) => ({
  ...resource,
  meta: { profile: [`${OWN}/StructureDefinition/${id}`] },
});
const coded = (system: string, code: string) => [
  { coding: [{ system: `${OWN}/CodeSystem/${system}`, code }] },
];
const stay = (change: object = {}) =>
  claim(
    'stay',
    encounter({
      subject: { reference: 'Patient/1' },
      period: { start: '2026-03-01T10:00:00+01:00' },
      ...change,
    }),
  );
const letter = (change: object = {}) =>
  claim('exchange', {
    resourceType: 'Communication',
    status: 'completed',
    category: coded('exchange', 'discharge-letter'),
    subject: { reference: 'Patient/1' },
    encounter: { reference: 'Encounter/1' },
    sent: '2026-03-01T10:00:00Z',
    ...change,
  });
const plan = (contributor: object[]) =>
  claim('discharge-plan', {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'plan',
    category: coded('exchange', 'discharge-plan'),
    subject: { reference: 'Patient/1' },
    contributor,
  });
const agreed = (...parts: object[]) => ({
  reference: 'Organization/1',
  extension: [{ url: `${OWN}/StructureDefinition/plan-agreement`, extension: parts }],
});

const OWN_ROWS: readonly Row[] = [
  row(
    'a stay is inpatient or acute',
    stay({ class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' } }),
    'Encounter.class',
    'code-invalid',
  ),
  row('a stay has a citizen', { ...stay(), subject: undefined }, 'Encounter.subject', 'required'),
  row(
    'a stay has an admission',
    stay({ period: { end: '2026-03-02' } }),
    'Encounter.period.start',
    'required',
  ),
  row('a finished stay has a discharge', stay({ status: 'finished' }), 'Encounter', 'invariant'),
  row(
    'an episode id is lower-case hex',
    stay({ identifier: [{ system: `${OWN}/NamingSystem/stay-episode`, value: 'AB-12' }] }),
    'Encounter.identifier[0].value',
    'invariant',
  ),
  row(
    'the end of treatment is a time',
    stay({ extension: [{ url: `${OWN}/StructureDefinition/end-of-treatment`, valueString: 'i går' }] }),
    'Encounter.extension[0].value.ofType(string)',
    'structure',
  ),
  row(
    'a leave stands on a stay',
    claim(
      'exchange',
      letter({
        extension: [{ url: `${OWN}/StructureDefinition/leave-period`, valuePeriod: { start: '2026-03-01' } }],
      }),
    ),
    'Communication.extension[0]',
    'extension',
  ),
  row(
    'an exchange is one of the five',
    letter({ category: coded('exchange', 'discharge-plan') }),
    'Communication.category',
    'required',
  ),
  row('a completed exchange has a time', letter({ sent: undefined }), 'Communication', 'invariant'),
  row(
    'a section is a known one',
    letter({
      payload: [
        {
          contentString: 'A',
          extension: [{ url: `${OWN}/StructureDefinition/exchange-section`, valueCode: 'weather' }],
        },
      ],
    }),
    'Communication.payload[0].extension[0].value.ofType(code)',
    'code-invalid',
  ),
  row(
    'a correction corrects an exchange',
    letter({
      extension: [{ url: `${OWN}/StructureDefinition/corrects`, valueReference: { reference: 'Task/1' } }],
    }),
    'Communication.extension[0].value.ofType(Reference).reference',
    'value',
  ),
  row(
    'an agreement names a sector',
    plan([agreed({ url: 'agreedAt', valueDateTime: '2026-03-01' })]),
    'CarePlan.contributor[0].extension[0].extension',
    'required',
  ),
  row(
    'a sector is hospital or municipality',
    plan([agreed({ url: 'sector', valueCode: 'kommune' })]),
    'CarePlan.contributor[0].extension[0].extension[0].value.ofType(code)',
    'code-invalid',
  ),
  row(
    'an agreement has a time, not a text',
    plan([agreed({ url: 'sector', valueCode: 'hospital' }, { url: 'agreedAt', valueString: 'i dag' })]),
    'CarePlan.contributor[0].extension[0].extension[1].value.ofType(string)',
    'structure',
  ),
  row(
    'an organisation has a type of ours',
    claim('organisation', { resourceType: 'Organization', name: 'A', type: [{ text: 'x' }] }),
    'Organization.type',
    'required',
  ),
  row(
    'a CPR number has ten digits',
    claim('citizen', patient({ identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: '251248-4916' }] })),
    'Patient.identifier[0].value',
    'invariant',
  ),
  row(
    'an obligation has a due time',
    claim(
      'obligation',
      task({
        code: coded('exchange', 'discharge-letter')[0],
        for: { reference: 'Patient/1' },
        focus: { reference: 'Encounter/1' },
        encounter: { reference: 'Encounter/1' },
        instantiatesCanonical: 'http://example.org/a',
      }),
    ),
    'Task.restriction',
    'required',
  ),
];

describe('our own profiles', () => {
  it.each(OWN_ROWS.map((one) => [one.fact, one] as const))(
    '%s',
    async (_, { resource, expression, code }) => {
      const { definitions } = await loadPackages(join(import.meta.dirname, '..', '..', '..', 'profiles'));
      const issues = createValidator(definitions)(JSON.parse(JSON.stringify(resource)));
      expect(issues.map((issue) => [issue.expression?.[0], issue.code])).toEqual([[expression, code]]);
    },
  );

  it('what follows docs/model.md passes', async () => {
    const validate = await own;
    const both = [
      agreed(
        { url: 'sector', valueCode: 'hospital' },
        { url: 'agreedAt', valueDateTime: '2026-03-01T10:00:00+01:00' },
      ),
      agreed({ url: 'sector', valueCode: 'municipality' }),
    ];
    for (const resource of [stay(), letter(), plan(both)]) {
      expect(validate(resource)).toEqual([]);
    }
  });
});

it('a profile costs at most twice the base validation', async () => {
  const validate = await own;
  const plain = task({
    code: coded('exchange', 'discharge-letter')[0],
    for: { reference: 'Patient/1' },
    focus: { reference: 'Encounter/1' },
    encounter: { reference: 'Encounter/1' },
    owner: { reference: 'Organization/1' },
    restriction: { period: { end: '2026-03-01T10:00:00Z' } },
    instantiatesCanonical: 'https://overgang.dk/fhir/PlanDefinition/agreement-DK|2025',
  });
  const claiming = claim('obligation', plain);
  const timed = (resource: unknown) => {
    const start = performance.now();
    for (let count = 0; count < 100; count += 1) {
      validate(resource);
    }
    return performance.now() - start;
  };
  expect([validate(plain), validate(claiming)]).toEqual([[], []]);
  // The best of many short rounds, and of three attempts: other work on the machine only ever adds time.
  const ratio = () => {
    const rounds = Array.from({ length: 25 }, () => [timed(plain), timed(claiming)] as const);
    return Math.min(...rounds.map(([, profiled]) => profiled)) / Math.min(...rounds.map(([base]) => base));
  };
  let best = ratio();
  for (let attempt = 1; attempt < 3 && best >= 2; attempt += 1) {
    best = Math.min(best, ratio());
  }
  expect(best).toBeLessThan(2);
});
