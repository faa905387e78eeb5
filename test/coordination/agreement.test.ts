import { describe, expect, it } from '@jest/globals';
import type { PlanDefinition } from '@medplum/fhirtypes';
import { type Agreement, isAgreement, readAgreement } from '../../src/coordination/agreement.ts';
import { agreementFor } from '../../src/coordination/agreement-selection.ts';
import { checkAgreement } from '../../src/coordination/check-agreement.ts';
import { regionOf } from '../../src/coordination/facts/agreements-of.ts';
import { CODE_SYSTEM, EXCHANGE, EXTENSION } from '../../src/fhir/canonical.ts';
import { FhirError } from '../../src/fhir/outcome.ts';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { calendar } from './support/facts.ts';
import { ADMITTED, AGREEMENT_FILES, agreementFile, citizen, ORGANIZATIONS, stay } from './support/stay.ts';

const published = (): Agreement[] => AGREEMENT_FILES.map((file) => readAgreement(agreementFile(file)));

describe('the published agreements', () => {
  it.each(AGREEMENT_FILES)('%s is a valid PlanDefinition that passes the check of agreements', (file) => {
    const plan = agreementFile(file);
    expect(validateResource(plan)).toEqual([]);
    expect([...checkAgreement(plan, calendar).obligations.keys()].sort()).toEqual(
      Object.values(EXCHANGE).sort(),
    );
    expect(plan.id).toBe(`agreement-${file}-2025`);
  });

  /** danish-domain.md, D.2. */
  it.each([
    ['DK', 24, 'before'],
    ['DK-81', 24, 'before'],
    ['DK-82', 24, 'before'],
    ['DK-83', 48, 'before'],
    ['DK-84', 48, 'end-of-day-before'],
    ['DK-85', 24, 'before'],
  ] as const)(
    '%s asks for plans from %i hours and the care pathway plan %s the discharge',
    (file, hours, rule) => {
      const { obligations } = readAgreement(agreementFile(file));
      for (const code of ['discharge-plan', 'care-pathway-plan'] as const) {
        expect(obligations.get(code)?.minimumStay).toEqual({ value: hours, unit: 'h' });
      }
      expect(obligations.get('care-pathway-plan')?.deadline).toEqual({ anchor: 'discharge', rule });
      expect(obligations.get('admission-report')?.deadline).toEqual({
        anchor: 'admission',
        rule: 'after',
        offset: { value: 24, unit: 'h' },
      });
      expect(obligations.get('discharge-letter')?.deadline.offset).toEqual({ value: 3, unit: 'd' });
    },
  );

  it('say in Danish and in English what they are and what is assumed', () => {
    for (const file of AGREEMENT_FILES) {
      const plan = agreementFile(file);
      expect(plan.description).toMatch(/[Aa]ntag/);
      for (const twin of ['_title', '_description'] as const) {
        const translation = (
          plan as unknown as Record<string, { extension: { extension: { valueString?: string }[] }[] }>
        )[twin];
        expect(translation?.extension[0]?.extension[1]?.valueString).toMatch(/agreement|deadline/i);
      }
    }
  });
});

describe('the agreement in force', () => {
  const canonical = (region: string | undefined, day: string, agreements = published()) =>
    agreementFor(agreements, region, day)?.canonical.replace(/^.*\//, '');
  const changed = (file: (typeof AGREEMENT_FILES)[number], more: Partial<PlanDefinition>): Agreement =>
    readAgreement({ ...agreementFile(file), ...more });

  it('is the region’s within its period, the default outside it and without a region', () => {
    expect(canonical('DK-82', '2024-01-01')).toBe('agreement-DK-82|2025');
    expect(canonical('DK-82', '2023-12-31')).toBe('agreement-DK|2025');
    expect(canonical(undefined, '2026-01-01')).toBe('agreement-DK|2025');
  });

  it('of Hovedstaden and Sjælland ends with the regions; their successor has the default until it makes one', () => {
    for (const region of ['DK-84', 'DK-85']) {
      expect(canonical(region, '2026-12-31')).toBe(`agreement-${region}|2025`);
      expect(canonical(region, '2027-01-01')).toBe('agreement-DK|2025');
    }
    const oestdanmark = changed('DK-84', {
      url: 'https://overgang.dk/fhir/PlanDefinition/agreement-oestdanmark',
      version: '2027',
      effectivePeriod: { start: '2027-01-01' },
      jurisdiction: [
        { coding: [{ system: 'https://overgang.dk/fhir/CodeSystem/region', code: 'oestdanmark' }] },
      ],
    });
    expect(canonical('DK-85', '2027-01-01', [...published(), oestdanmark])).toBe(
      'agreement-oestdanmark|2027',
    );
  });

  it('of a region that has ended binds nobody even when its period was left open', () => {
    const { effectivePeriod: _period, ...open } = agreementFile('DK-84');
    expect(canonical('DK-84', '2027-06-01', [...published(), readAgreement(open)])).toBe('agreement-DK|2025');
  });

  it('is the one that began last, then the one with the highest version, whatever the order', () => {
    const later = changed('DK-82', { version: '2026', effectivePeriod: { start: '2026-01-01' } });
    const revised = changed('DK-82', { version: '10.2' });
    const older = changed('DK-82', { version: '9.10' });
    for (const agreements of [
      [...published(), later],
      [later, ...published()],
    ]) {
      expect(canonical('DK-82', '2025-12-31', agreements)).toBe('agreement-DK-82|2025');
      expect(canonical('DK-82', '2026-01-01', agreements)).toBe('agreement-DK-82|2026');
    }
    expect(canonical('DK-82', '2025-06-01', [revised, older])).toBe('agreement-DK-82|10.2');
    expect(canonical('DK-82', '2025-06-01', [older, revised])).toBe('agreement-DK-82|10.2');
  });

  it('is none where not even a default is in force', () => {
    expect(canonical('DK-82', '2026-01-01', [])).toBeUndefined();
    expect(canonical('DK-81', '2026-01-01', [changed('DK-82', {})])).toBeUndefined();
  });
});

describe('the region of a stay', () => {
  const place = (municipality: string | undefined, organizations = ORGANIZATIONS) => {
    const { address: _address, ...homeless } = citizen();
    const patient = municipality === undefined ? homeless : citizen('anna', municipality);
    return regionOf({ stay: stay({ start: ADMITTED }), patient, organizations }, '2026-03-09', calendar);
  };

  it('is that of the citizen’s municipality, wherever the hospital is', () => {
    expect(place('0101')).toBe('DK-84');
  });

  it('is that of the hospital where the citizen’s is not known or in no region', () => {
    expect(place(undefined)).toBe('DK-82');
    expect(place('0411')).toBe('DK-82');
    expect(place(undefined, [])).toBeUndefined();
  });

  it('is that of the municipality where a hospital without a region lies', () => {
    const address = citizen('x', '0265').address as [];
    const organizations = [
      { resourceType: 'Organization' as const, id: 'department', name: 'Afdeling', address },
    ];
    expect(place(undefined, organizations)).toBe('DK-85');
  });

  it('follows the citizen’s address on the day, home before others', () => {
    const [aarhus] = citizen('x', '0751').address ?? [];
    const [holbaek] = citizen('x', '0316').address ?? [];
    const patient = {
      ...citizen(),
      address: [
        { ...holbaek, use: 'temp' as const },
        { ...aarhus, use: 'home' as const, period: { end: '2026-03-09' } },
        { ...holbaek, use: 'home' as const, period: { start: '2026-03-10' } },
      ],
    };
    const on = (day: string) =>
      regionOf({ stay: stay({ start: ADMITTED }), patient, organizations: [] }, day, calendar);
    expect(on('2026-03-09')).toBe('DK-82');
    expect(on('2026-03-10')).toBe('DK-85');
  });

  it('does not go round in a circle of organisations', () => {
    const organizations = ['department', 'hospital'].map((id, index, all) => ({
      resourceType: 'Organization' as const,
      id,
      name: id,
      partOf: { reference: `Organization/${all[1 - index]}` },
    }));
    expect(place(undefined, organizations)).toBeUndefined();
  });
});

describe('an agreement that cannot work', () => {
  type Bend = (plan: PlanDefinition) => void;
  const action = (plan: PlanDefinition, index = 0) => plan.action?.[index] ?? {};
  const condition =
    (expression: string): Bend =>
    (plan) => {
      action(plan).condition = [
        { kind: 'applicability', expression: { language: 'text/fhirpath', expression } },
      ];
    };
  const WRONG: readonly (readonly [fact: string, expression: string, bend: Bend])[] = [
    ['has no version', 'PlanDefinition.version', (plan) => delete plan.version],
    ['has no url', 'PlanDefinition.url', (plan) => delete plan.url],
    ['binds nobody', 'PlanDefinition.jurisdiction', (plan) => delete plan.jurisdiction],
    [
      'begins in the middle of a day',
      'PlanDefinition.effectivePeriod.start',
      (plan) => Object.assign(plan, { effectivePeriod: { start: '2026-01-01T12:00:00Z' } }),
    ],
    [
      'ends before it begins',
      'PlanDefinition.effectivePeriod',
      (plan) => Object.assign(plan, { effectivePeriod: { start: '2026-02-01', end: '2026-01-01' } }),
    ],
    [
      'names an obligation that is none',
      'PlanDefinition.action[0].code',
      (plan) =>
        Object.assign(action(plan), {
          code: [{ coding: [{ system: CODE_SYSTEM.exchange, code: 'postcard' }] }],
        }),
    ],
    [
      'says one obligation twice',
      'PlanDefinition.action[1].code',
      (plan) => Object.assign(action(plan, 1), { code: action(plan).code }),
    ],
    [
      'has an obligation without a deadline',
      `PlanDefinition.action[0].extension('${EXTENSION.deadline}')`,
      (plan) => delete action(plan).extension,
    ],
    [
      'asks for less than nothing',
      `PlanDefinition.action[1].extension('${EXTENSION.minimumStay}').value.value`,
      (plan) => Object.assign(action(plan, 1).extension?.[1]?.valueDuration ?? {}, { value: -1 }),
    ],
    [
      'asks for more than everything',
      `PlanDefinition.action[0].extension('${EXTENSION.completeness}').extension('threshold').value`,
      (plan) => Object.assign(action(plan).extension?.[2]?.extension?.at(-1) ?? {}, { valueDecimal: 1.5 }),
    ],
    [
      'asks for no sections',
      `PlanDefinition.action[0].extension('${EXTENSION.completeness}').extension('section')`,
      (plan) =>
        Object.assign(action(plan).extension?.[2] ?? {}, {
          extension: [{ url: 'threshold', valueDecimal: 0.5 }],
        }),
    ],
    [
      'has a condition in another language',
      'PlanDefinition.action[0].condition[0].expression.language',
      (plan) => Object.assign(action(plan).condition?.[0]?.expression ?? {}, { language: 'text/cql' }),
    ],
    [
      'has a condition without text',
      'PlanDefinition.action[0].condition[0].expression.expression',
      (plan) => delete action(plan).condition?.[0]?.expression?.expression,
    ],
    [
      'has a condition with a syntax error',
      'PlanDefinition.action[0].condition[0].expression.expression',
      condition('%stay.class.code = '),
    ],
    [
      'asks for a fact that there is not',
      'PlanDefinition.action[0].condition[0].expression.expression',
      condition('%weather.exists()'),
    ],
    [
      'calls a function that there is not',
      'PlanDefinition.action[0].condition[0].expression.expression',
      condition('%stay.guess()'),
    ],
    [
      'asks the clock',
      'PlanDefinition.action[0].condition[0].expression.expression',
      condition('%stay.period.start < now()'),
    ],
  ];

  it.each(WRONG.map(([fact, expression, bend]) => ({ fact, expression, bend })))(
    'because it $fact is refused at $expression',
    ({ expression, bend }) => {
      const plan = agreementFile('DK');
      bend(plan);
      let error: unknown;
      try {
        checkAgreement(plan, calendar);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(FhirError);
      const { status, outcome } = error as FhirError;
      expect(status).toBe(422);
      expect(outcome.issue.map((issue) => issue.expression?.[0])).toEqual([expression]);
      expect(outcome.issue[0]?.diagnostics?.length).toBeGreaterThan(20);
    },
  );

  it('is told all its faults at once', () => {
    const plan = agreementFile('DK');
    delete plan.version;
    delete action(plan).extension;
    delete action(plan, 3).extension;
    let issues: readonly { expression?: string[] }[] = [];
    try {
      checkAgreement(plan, calendar);
    } catch (error) {
      issues = (error as FhirError).outcome.issue;
    }
    expect(issues.map(({ expression }) => expression?.[0]?.replace(/\.extension.*/, ''))).toEqual([
      'PlanDefinition.action[0]',
      'PlanDefinition.action[3]',
      'PlanDefinition.version',
    ]);
  });

  it('is not confused with a PlanDefinition of another kind', () => {
    expect(
      isAgreement({ resourceType: 'PlanDefinition', status: 'active', action: [{ title: 'Genoptræning' }] }),
    ).toBe(false);
  });
});
