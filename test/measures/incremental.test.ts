import { expect, it } from '@jest/globals';
import type {
  Encounter,
  EpisodeOfCare,
  Measure,
  Patient,
  PlanDefinition,
  Resource,
} from '@medplum/fhirtypes';
import fc from 'fast-check';
import { CODE_SYSTEM, EXTENSION } from '../../src/fhir/canonical.ts';
import { compiledOf } from '../../src/measures/compile/compiled-cache.ts';
import type { CompiledMeasure } from '../../src/measures/compile/compiled-measure.ts';
import { fillVerdicts } from '../../src/measures/kept/fill.ts';
import { currentlyKept, type Kept } from '../../src/measures/kept/kept-measures.ts';
import { verdictsOf, worthKeeping } from '../../src/measures/kept/packed-rows.ts';
import { refreshVerdicts } from '../../src/measures/kept/refresh.ts';
import { storedSeries } from '../../src/measures/kept/stored-tally.ts';
import { measurementPeriod } from '../../src/measures/report/period.ts';
import { type Cell, count, emptyTally, type GroupTally } from '../../src/measures/report/tally.ts';
import { isWithin } from '../../src/measures/stays/belonging.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { stayPages } from '../../src/measures/stays/stay-pages.ts';
import type { Verdict } from '../../src/measures/stays/verdict.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { storedReasons } from '../../src/store/verdicts/reasons.ts';
import { onStore } from '../support/stores.ts';
import {
  agreement,
  calendar,
  course,
  goodLetters,
  jointPlan,
  letter,
  nationalMeasure,
  organizations,
  patient,
  SIX,
  services,
  stay,
} from './support/facts.ts';
import { planned, profiles, put } from './support/stored.ts';

/** Two citizens, three stays; every step changes something that verdicts rest on, in any order. */
const STAYS = ['stay-1', 'stay-2', 'stay-3'] as const;
const CITIZEN: { readonly [stay: string]: string } = {
  'stay-1': 'citizen-1',
  'stay-2': 'citizen-1',
  'stay-3': 'citizen-2',
};
const KINDS = [
  'admission-report',
  'care-pathway-plan',
  'ready-for-discharge',
  'discharge-report',
  'discharge-letter',
];

const time = fc
  .integer({ min: -40, max: 260 })
  .map((hours) => new Date(Date.UTC(2026, 2, 9, 9) + hours * 3_600_000).toISOString());
const stayId = fc.constantFrom(...STAYS);
const citizenId = fc.constantFrom('citizen-1', 'citizen-2');

const put1 = (resource: Resource): Change => ({
  op: 'update',
  resource: resource as Resource & { id: string },
});
const del = (type: string, id: string): Change => ({ op: 'delete', type, id });

const letters = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    number: fc.integer({ min: 1, max: 3 }),
    stay: stayId,
    sent: time,
    sections: fc.integer({ min: 0, max: 7 }),
    cancelled: fc.boolean(),
    practice: fc.boolean(),
    end: fc.option(time),
  })
  .map(({ kind, number, stay: at, sent, sections, cancelled, practice, end }): Change => {
    const one = letter(kind, sent, {
      id: `${kind}-${number}`,
      sections: [
        'relatives',
        'services',
        'medicine',
        'functional-ability',
        'nursing-areas',
        'cause',
        'contact',
      ].slice(0, sections),
      status: cancelled ? 'entered-in-error' : 'completed',
      recipient: practice ? 'Organization/practice' : 'Organization/hospital',
    });
    one.encounter = { reference: `Encounter/${at}` };
    one.subject = { reference: `Patient/${CITIZEN[at]}` };
    if (end !== null) one.extension = [{ url: EXTENSION.endOfTreatment, valueDateTime: end }];
    return put1(one);
  });

const stays = fc
  .record({
    id: stayId,
    start: time,
    end: fc.option(time),
    status: fc.constantFrom('in-progress', 'finished', 'entered-in-error'),
    acute: fc.integer({ min: 0, max: 5 }),
    died: fc.integer({ min: 0, max: 5 }),
    ended: fc.option(time),
    asked: fc.boolean(),
  })
  .map(({ id, start, end, status, acute, died, ended, asked }): Change => {
    const later = end !== null && end > start ? { end } : {};
    const one: Encounter = {
      ...stay({ id, status: status as Encounter['status'], period: { start, ...later } }),
      class: { system: CODE_SYSTEM.actCode, code: acute === 0 ? 'EMER' : 'IMP' },
      subject: { reference: `Patient/${CITIZEN[id]}` },
      extension: [
        { url: EXTENSION.reportRequested, valueBoolean: asked },
        ...(ended === null ? [] : [{ url: EXTENSION.endOfTreatment, valueDateTime: ended }]),
      ],
    };
    delete one.episodeOfCare;
    if (died === 0) one.hospitalization = { dischargeDisposition: { coding: [{ code: 'exp' }] } };
    return put1(one);
  });

const plans = fc
  .record({
    at: stayId,
    hospital: fc.option(time),
    municipality: fc.option(time),
    number: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ at, hospital, municipality, number }): Change => {
    const one = jointPlan(
      { ...(hospital === null ? {} : { hospital }), ...(municipality === null ? {} : { municipality }) },
      `plan-${number}`,
    );
    return put1({
      ...one,
      encounter: { reference: `Encounter/${at}` },
      subject: { reference: `Patient/${CITIZEN[at]}` },
    });
  });

const citizens = fc
  .record({ id: citizenId, code: fc.constantFrom('0751', '0101', '0851'), practice: fc.boolean() })
  .map(({ id, code, practice }): Change => {
    const one: Patient = {
      ...patient,
      id,
      address: [
        {
          extension: [
            {
              url: EXTENSION.municipalityCode,
              valueCodeableConcept: { coding: [{ system: CODE_SYSTEM.municipality, code }] },
            },
          ],
        },
      ],
    };
    if (!practice) delete one.generalPractitioner;
    return put1(one);
  });

const courses = fc
  .record({
    of: citizenId,
    kind: fc.boolean(),
    status: fc.constantFrom('active', 'cancelled'),
    start: fc.constantFrom('2026-01-01', '2026-03-12'),
  })
  .map(({ of, kind, status, start }): Change => {
    const one: EpisodeOfCare = {
      ...(kind ? course : services),
      id: `${kind ? 'course' : 'services'}-${of}`,
      patient: { reference: `Patient/${of}` },
      status: status as EpisodeOfCare['status'],
      period: { start },
    };
    return put1(one);
  });

const deletions = fc.oneof(
  stayId.map((id) => del('Encounter', id)),
  fc
    .tuple(fc.constantFrom(...KINDS), fc.integer({ min: 1, max: 3 }))
    .map(([kind, number]) => del('Communication', `${kind}-${number}`)),
  fc.constantFrom('plan-1', 'plan-2').map((id) => del('CarePlan', id)),
  citizenId.map((id) => del('EpisodeOfCare', `course-${id}`)),
);

const agreements = fc
  .record({
    region: fc.constantFrom('DK-82', 'DK-84', 'DK'),
    days: fc.integer({ min: 1, max: 3 }),
    version: fc.constantFrom('2025', '2026'),
  })
  .map(({ region, days, version }): Change => {
    const one = JSON.parse(
      JSON.stringify(agreement(region)).replaceAll('"value":3,', `"value":${days},`),
    ) as PlanDefinition;
    return put1({ ...one, version });
  });

const measures = fc.oneof(
  fc
    .record({
      id: fc.constantFrom(...SIX),
      version: fc.constantFrom('1.0.0', '2.0.0'),
      inverted: fc.boolean(),
    })
    .map(({ id, version, inverted }): Change => {
      const one: Measure = { ...nationalMeasure(id), version };
      const numerator = one.group?.[0]?.population?.find(
        (population) => population.id === 'numerator',
      )?.criteria;
      if (numerator !== undefined && inverted) numerator.expression = `(${numerator.expression}).not()`;
      return put1(one);
    }),
  fc.constantFrom(...SIX).map((id) => del('Measure', id)),
);

type Step = { readonly changes: readonly Change[] } | 'refresh';
const change = fc.oneof(
  { weight: 5, arbitrary: letters },
  { weight: 4, arbitrary: stays },
  { weight: 2, arbitrary: plans },
  citizens,
  { weight: 2, arbitrary: courses },
  { weight: 2, arbitrary: deletions },
  agreements,
  measures,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .uniqueArray(change, {
        minLength: 1,
        maxLength: 4,
        selector: (one) =>
          one.op === 'delete' ? `${one.type}/${one.id}` : `${one.resource.resourceType}/${one.resource.id}`,
      })
      .map((changes) => ({ changes })),
  },
  { weight: 2, arbitrary: fc.constant<Step>('refresh') },
);
const history = fc.record({
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
  asOf: fc.array(time, { minLength: 2, maxLength: 2 }),
});

/** Parts of a month, a month, months with parts beside them, a year: cells and rows, each alone and together. */
const periods = [
  ['2026-03-05', '2026-03-15'],
  ['2026-03', '2026-03'],
  ['2026-02-20', '2026-04-10'],
  ['2026', '2026'],
].map(([from, to]) => measurementPeriod(from, to, calendar));
const byMember = (one: Verdict, other: Verdict): number =>
  `${one.member} ${one.measure}`.localeCompare(`${other.member} ${other.measure}`);

/** Where histories begin: three stays with everything done, so that each change matters to some verdict. */
const world: readonly Resource[] = [
  ...['citizen-1', 'citizen-2'].flatMap((id) => [
    { ...patient, id },
    { ...course, id: `course-${id}`, patient: { reference: `Patient/${id}` } },
    { ...services, id: `services-${id}`, patient: { reference: `Patient/${id}` } },
  ]),
  ...STAYS.flatMap((id, index) => {
    const about = {
      encounter: { reference: `Encounter/${id}` },
      subject: { reference: `Patient/${CITIZEN[id]}` },
    };
    const { episodeOfCare: _planned, ...own } = stay({ id, subject: about.subject });
    return [
      own,
      ...goodLetters.map((one) => ({ ...one, ...about, id: one.id?.replace(/1$/, String(index + 1)) ?? id })),
      ...(index === 2
        ? []
        : [
            {
              ...jointPlan(
                { hospital: '2026-03-11T09:00:00+01:00', municipality: '2026-03-12T15:00:00+01:00' },
                `plan-${index + 1}`,
              ),
              ...about,
            },
          ]),
    ];
  }),
];

async function fromScratch(store: Store, measures: readonly CompiledMeasure[]): Promise<Verdict[]> {
  const all: Verdict[] = [];
  for await (const page of stayPages(store, calendar)) {
    for (const facts of page) all.push(...worthKeeping(evaluateStay(measures, facts, { calendar })));
  }
  return all.sort(byMember);
}

/** Verdicts of Measures that are no longer kept lie there until their stay is refreshed, and nobody reads them. */
async function kept(store: Store, measures: readonly CompiledMeasure[]): Promise<Verdict[]> {
  const canonicals = new Set(measures.map(({ canonical }) => canonical));
  const all: Verdict[] = [];
  for await (const page of storedReasons(store, {})) all.push(...page.flatMap(verdictsOf));
  return all.filter(({ measure }) => canonicals.has(measure)).sort(byMember);
}

const cell = (counts: Cell): [number, number][] => [...counts].sort(([one], [other]) => one - other);
const tallied = (tallies: readonly GroupTally[]) =>
  tallies.map((tally) => ({
    whole: cell(tally.whole),
    strata: tally.strata.map((values) =>
      [...values]
        .map(([value, counts]) => [value, cell(counts)] as const)
        .sort(([one], [other]) => one.localeCompare(other)),
    ),
  }));

async function expectEqual(store: Store, asOfs: readonly string[]): Promise<void> {
  await fillVerdicts(store, calendar);
  await refreshVerdicts(store, calendar);
  const measures = (await currentlyKept(store, calendar)) as readonly Kept[];
  const compiled = measures.map((one) => one.compiled);
  const scratch = await fromScratch(store, compiled);
  expect(await kept(store, compiled)).toEqual(scratch);
  const wanted = measures.map((one) => ({ kept: one }));
  for (const asOf of asOfs) {
    for (const period of periods) {
      const together = await storedSeries(store, wanted, [period], asOf);
      for (const [index, { compiled: measure }] of measures.entries()) {
        const tallies = measure.groups.map((group) => emptyTally(group.stratifiers.length));
        for (const verdict of scratch) {
          if (verdict.measure === measure.canonical && isWithin(verdict, period))
            count(tallies, verdict, asOf);
        }
        expect(tallied(together[index]?.[0] ?? [])).toEqual(tallied(tallies));
      }
    }
  }
}

onStore('PostgreSQL', (fixture) => {
  it('kept verdicts equal evaluation from scratch, reason by reason, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ steps, asOf }) => {
        const store = planned(await fixture.open());
        await put(
          store,
          ...profiles,
          ...organizations,
          patient,
          { ...patient, id: 'citizen-1' },
          { ...patient, id: 'citizen-2' },
        );
        await put(store, ...world);
        // What the last step changes is not hidden by other marks: the step before it is a refresh.
        for (const one of [...steps.slice(0, -1), 'refresh' as const, ...steps.slice(-1)]) {
          if (one === 'refresh') await refreshVerdicts(store, calendar);
          else await store.transaction((transaction) => transaction.write(one.changes));
        }
        await expectEqual(store, asOf);
      }),
      { numRuns: Number(process.env.HISTORIES ?? (fixture.kind === 'PGlite' ? 2 : 8)) },
    );
  }, 300_000);

  it('a Measure is compiled as it is stored, and a wrong one refused with its place', async () => {
    const store = planned(await fixture.open());
    const measure = nationalMeasure('discharge-report');
    const criteria = measure.group?.[0]?.population?.[3]?.criteria;
    if (criteria === undefined) throw new Error('no criteria');
    criteria.expression = '%timely and and %complete';
    await expect(put(store, measure)).rejects.toMatchObject({
      status: 422,
      outcome: {
        issue: [
          {
            expression: ['Measure.group[0].population[3].criteria.expression'],
            diagnostics: expect.stringMatching(/line 1, column 13/),
          },
        ],
      },
    });
    criteria.expression = '%timly and %complete';
    await expect(put(store, measure)).rejects.toMatchObject({
      status: 422,
      outcome: {
        issue: [{ diagnostics: expect.stringMatching(/%timly is not known here; known are .*%timely/) }],
      },
    });
    expect(await store.read('Measure', 'discharge-report')).toBeUndefined();
    expect(
      compiledOf({ measure: nationalMeasure('discharge-report') as Measure & { id: string } }, calendar).kind,
    ).toBe('stay');
  });
});
