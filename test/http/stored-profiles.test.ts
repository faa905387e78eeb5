import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { openServer, type Server } from './support/server.ts';

const URL = 'https://example.org/StructureDefinition/frail';
const BASE = 'http://hl7.org/fhir/StructureDefinition/Patient';

const profile = (
  elements: Partial<ElementDefinition>[],
  more: Partial<StructureDefinition> = {},
): StructureDefinition => ({
  resourceType: 'StructureDefinition',
  id: 'frail',
  url: URL,
  name: 'Frail',
  status: 'active',
  kind: 'resource',
  abstract: false,
  type: 'Patient',
  baseDefinition: BASE,
  derivation: 'constraint',
  differential: { element: elements as ElementDefinition[] },
  ...more,
});

const CODES = {
  resourceType: 'ValueSet',
  id: 'marks',
  url: 'https://example.org/ValueSet/marks',
  status: 'active',
  compose: { include: [{ system: 'urn:marks', concept: [{ code: 'a' }] }] },
};

describe('a profile that is stored here', () => {
  let server: Server;
  let send: Server['send'];
  beforeAll(async () => {
    server = await openServer(undefined);
    send = server.send;
  }, 120_000);
  afterAll(() => server.close());

  const put = async (resource: { resourceType: string; id?: string }): Promise<void> => {
    const { text, status } = await send('PUT', `${resource.resourceType}/${resource.id}`, resource);
    expect([text, status < 300]).toEqual([text, true]);
  };
  const wrongIn = async (resource: object): Promise<string[]> => {
    const { status, body } = await send('POST', 'Patient', {
      resourceType: 'Patient',
      meta: { profile: [URL] },
      ...resource,
    });
    return status === 201
      ? []
      : body.issue.map(
          ({ expression, code }: { expression: string[]; code: string }) => `${expression[0]} ${code}`,
        );
  };

  it('holds from the next write on, without a snapshot too, and as it is changed and deleted', async () => {
    expect(await wrongIn({})).toEqual([]);
    await put(profile([{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }]));
    expect(await wrongIn({})).toEqual(['Patient.birthDate required']);
    expect(await wrongIn({ birthDate: '1940' })).toEqual([]);
    await put(profile([{ id: 'Patient.gender', path: 'Patient.gender', fixedCode: 'female' }]));
    expect(await wrongIn({ gender: 'male' })).toEqual(['Patient.gender value']);
    expect((await send('DELETE', 'StructureDefinition/frail')).status).toBe(204);
    expect(await wrongIn({ gender: 'male' })).toEqual([]);
  });

  it('is laid over the profile it derives from: slices, rules, choices and bindings of both', async () => {
    await put(CODES);
    await put(
      profile(
        [
          {
            id: 'Patient',
            path: 'Patient',
            constraint: [{ key: 'x-1', severity: 'error', human: 'a name', expression: 'name.exists()' }],
          },
          { id: 'Patient.deceased[x]', path: 'Patient.deceased[x]', type: [{ code: 'boolean' }] },
        ],
        { id: 'named', url: 'https://example.org/StructureDefinition/named' },
      ),
    );
    await put(
      profile(
        [
          {
            id: 'Patient.identifier',
            path: 'Patient.identifier',
            slicing: { rules: 'open', discriminator: [{ type: 'value', path: 'system' }] },
          },
          { id: 'Patient.identifier:own', path: 'Patient.identifier', sliceName: 'own', min: 1, max: '1' },
          {
            id: 'Patient.identifier:own.system',
            path: 'Patient.identifier.system',
            min: 1,
            fixedUri: 'urn:own',
          },
          {
            id: 'Patient.maritalStatus',
            path: 'Patient.maritalStatus',
            binding: { strength: 'required', valueSet: CODES.url },
          },
          { id: 'Patient.contact.name.family', path: 'Patient.contact.name.family', min: 1 },
        ],
        { baseDefinition: 'https://example.org/StructureDefinition/named' },
      ),
    );
    const good = {
      name: [{ text: 'N' }],
      deceasedBoolean: false,
      identifier: [{ system: 'urn:own', value: '1' }, { system: 'urn:other' }],
      maritalStatus: { coding: [{ system: 'urn:marks', code: 'a' }] },
      contact: [{ name: { family: 'F' } }],
    };
    expect(await wrongIn(good)).toEqual([]);
    expect(await wrongIn({ ...good, name: undefined })).toEqual(['Patient invariant']);
    expect(await wrongIn({ ...good, deceasedBoolean: undefined, deceasedDateTime: '2026' })).toEqual([
      'Patient.deceased.ofType(dateTime) structure',
    ]);
    expect(await wrongIn({ ...good, identifier: [{ system: 'urn:other' }] })).toEqual([
      'Patient.identifier required',
    ]);
    expect(
      await wrongIn({ ...good, maritalStatus: { coding: [{ system: 'urn:marks', code: 'b' }] } }),
    ).toEqual(['Patient.maritalStatus code-invalid']);
    expect(await wrongIn({ ...good, contact: [{ name: { text: 'F' } }] })).toEqual([
      'Patient.contact[0].name.family required',
    ]);
    // A value set that is stored anew takes effect as well.
    await put({
      ...CODES,
      compose: { include: [{ system: 'urn:marks', concept: [{ code: 'b' }] }] },
    } as never);
    expect(await wrongIn(good)).toEqual(['Patient.maritalStatus code-invalid']);
  });

  it('can be asked for by $validate, and is unknown once it is gone', async () => {
    await put(profile([{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }]));
    const path = `Patient/$validate?profile=${encodeURIComponent(URL)}`;
    const missing = await send('POST', path, { resourceType: 'Patient' });
    expect(missing.body.issue[0]).toMatchObject({ severity: 'error', expression: ['Patient.birthDate'] });
    await send('DELETE', 'StructureDefinition/frail');
    const unknown = await send('POST', path, { resourceType: 'Patient' });
    expect(unknown.body.issue[0]).toMatchObject({ severity: 'error', code: 'not-found' });
  });
});
