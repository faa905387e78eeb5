import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Task } from '@medplum/fhirtypes';
import { agreement, course, stay } from '../measures/support/facts.ts';
import { quickest } from '../support/effort.ts';
import { until } from '../support/until.ts';
import { openServer, type Server } from './support/server.ts';

const ENDLESS = '(1).repeat($this + 1).count() > 0';
const DOUBLING = `(1)${'.select($this | ($this + 0.5)).select(($this * 2) | ($this * 2 + 1))'.repeat(20)}.count() > 0`;
const BACKTRACKING = `('${'a'.repeat(40)}b').matches('^(a+)+$')`;
/** Milliseconds that an evaluation may take: each try of an endless one would take them all. */
const GUARD = 1_000;
const PROFILE = 'https://example.org/StructureDefinition/endless';

describe('an expression of a client that takes too long', () => {
  let server: Server;
  let send: Server['send'];
  beforeAll(async () => {
    server = await openServer(undefined);
    send = server.send;
    await send('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', gender: 'female' });
  }, 120_000);
  afterAll(() => server.close());

  /** The national agreement, with one more condition on the discharge report. */
  const putAgreement = async (expression: string) => {
    const plan = agreement('DK');
    for (const action of plan.action ?? []) {
      if (action.code?.[0]?.coding?.[0]?.code !== 'discharge-report') continue;
      const condition = { language: 'text/fhirpath', expression } as const;
      action.condition = [{ kind: 'applicability', expression: condition }, ...(action.condition ?? [])];
    }
    return send('PUT', `PlanDefinition/${plan.id}`, plan);
  };

  it.each([
    ['never ends', ENDLESS],
    ['doubles', DOUBLING],
    ['backtracks', BACKTRACKING],
  ])('ends a FHIRPath Patch that %s, and changes nothing', async (_, criteria) => {
    const { status, body } = await send('PATCH', 'Patient/p', {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'delete' },
            { name: 'path', valueString: `Patient.where(${criteria}).gender` },
          ],
        },
      ],
    });
    expect([status, body.issue[0].code]).toEqual([422, 'too-costly']);
    expect((await send('GET', 'Patient/p')).body).toMatchObject({
      gender: 'female',
      meta: { versionId: '1' },
    });
  });

  it('as a rule of a stored profile refuses what claims the profile, the second time at once', async () => {
    const stored = await send('PUT', 'StructureDefinition/endless', {
      resourceType: 'StructureDefinition',
      id: 'endless',
      url: PROFILE,
      name: 'Endless',
      status: 'active',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      derivation: 'constraint',
      differential: {
        element: [
          {
            id: 'Patient',
            path: 'Patient',
            constraint: [{ key: 'x-1', severity: 'error', human: 'ends', expression: ENDLESS }],
          },
        ],
      },
    });
    expect(stored.status).toBe(201);
    const claim = () => send('POST', 'Patient', { resourceType: 'Patient', meta: { profile: [PROFILE] } });
    const { status, body } = await claim();
    expect([status, body.issue[0].code]).toEqual([422, 'too-costly']);
    expect(await quickest(3, async () => expect((await claim()).status).toBe(422))).toBeLessThan(GUARD);
    expect((await send('POST', 'Patient', { resourceType: 'Patient' })).status).toBe(201);
  });

  it('as a condition of an agreement is refused when it is stored', async () => {
    const { status, body } = await putAgreement(ENDLESS);
    expect([status, body.issue[0].diagnostics]).toEqual([422, expect.stringContaining('takes longer than')]);
  });

  it('as a condition that a stay alone shows is not met, and keeps neither stay nor other obligations back', async () => {
    const shown = `iif(%stay.period.exists(), ${ENDLESS}, true)`;
    expect((await putAgreement(shown)).status).toBe(201);
    expect(
      (await send('PUT', 'EpisodeOfCare/course', { ...course, patient: { reference: 'Patient/p' } })).status,
    ).toBe(201);
    const discharged = async (id: string): Promise<void> => {
      const told = stay({ id, subject: { reference: 'Patient/p' } });
      delete told.serviceProvider;
      expect((await send('PUT', `Encounter/${id}`, told)).status).toBeLessThan(300);
    };
    expect(await quickest(1, () => discharged('first'))).toBeGreaterThanOrEqual(GUARD);
    const { body } = await send('GET', 'Task?encounter=first');
    const codes = (body.entry ?? []).map(
      ({ resource }: { resource: Task }) => resource.code?.coding?.[0]?.code,
    );
    expect(codes).toContain('ready-for-discharge');
    expect(codes).not.toContain('discharge-report');
    expect(await quickest(3, () => discharged('second'))).toBeLessThan(GUARD);
  });

  it('as a search parameter gives no values, before and after it is stored, keeps nothing from being stored, and the others theirs', async () => {
    const hostile = { resourceType: 'Patient', name: [{ family: `${'a'.repeat(40)}b` }] };
    await send('PUT', 'Patient/before', { ...hostile, id: 'before' });
    const stored = await send('PUT', 'SearchParameter/shouting', {
      resourceType: 'SearchParameter',
      id: 'shouting',
      url: 'https://example.org/SearchParameter/shouting',
      name: 'Shouting',
      status: 'active',
      description: 'A name of nothing but a',
      code: 'shouting',
      base: ['Patient'],
      type: 'token',
      expression: "Patient.name.family.matches('^(a+)+$')",
    });
    expect(stored.status).toBe(201);
    const isReady = await until(
      async () => (await send('GET', 'Patient?shouting=true')).status,
      (status) => status === 200,
    );
    expect(isReady).toBe(200);
    const add = async () => expect((await send('POST', 'Patient', hostile)).status).toBe(201);
    await add();
    expect(await quickest(3, add)).toBeLessThan(GUARD);
    expect((await send('GET', 'Patient?shouting=true,false&_summary=count')).body.total).toBe(0);
    await send('POST', 'Patient', { resourceType: 'Patient', name: [{ family: 'aaa' }] });
    expect((await send('GET', 'Patient?shouting=true&_summary=count')).body.total).toBe(1);
    expect((await send('GET', 'Patient?family=aaaa&_summary=count')).body.total).toBe(5);
  });
});
