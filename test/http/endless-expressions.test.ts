import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openServer, type Server } from './support/server.ts';

const ENDLESS = '(1).repeat($this + 1).count() > 0';
const DOUBLING = `(1)${'.select($this | ($this + 0.5)).select(($this * 2) | ($this * 2 + 1))'.repeat(20)}.count() > 0`;
const BACKTRACKING = `('${'a'.repeat(40)}b').matches('^(a+)+$')`;
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
    const start = performance.now();
    expect((await claim()).status).toBe(422);
    expect(performance.now() - start).toBeLessThan(900);
    expect((await send('POST', 'Patient', { resourceType: 'Patient' })).status).toBe(201);
  });
});
