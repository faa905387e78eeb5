import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CODE_SYSTEM } from '../../src/fhir/canonical.ts';
import { onStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

type Entry = { resource: { resourceType: string; id: string } };

onStore(
  'PostgreSQL',
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    beforeAll(async () => {
      server = await openServer(fixture, {}, true);
      send = server.send;
    }, 120_000);
    afterAll(() => server.close());

    const keys = (body: { entry?: Entry[] }): string[] =>
      (body.entry ?? []).map(({ resource }) => `${resource.resourceType}/${resource.id}`);

    describe('$validate', () => {
      it('answers 200 with what a write would be told, and stores nothing', async () => {
        const wrong = await send('POST', 'Patient/$validate', { ...PATIENT, birthDate: '1940-02-30' });
        expect(wrong.status).toBe(200);
        expect(wrong.body.issue[0]).toMatchObject({ severity: 'error', expression: ['Patient.birthDate'] });
        const right = await send('POST', 'Patient/$validate', {
          resourceType: 'Parameters',
          parameter: [
            { name: 'resource', resource: PATIENT },
            { name: 'mode', valueCode: 'create' },
          ],
        });
        expect(right.body.issue).toEqual([expect.objectContaining({ severity: 'information' })]);
        expect((await send('GET', 'Patient?_summary=count')).body.total).toBe(0);
      });

      it('checks the stored resource, the type, the id and the parameters', async () => {
        await send('PUT', 'Location/v', { resourceType: 'Location', id: 'v', name: 'V' });
        expect((await send('GET', 'Location/v/$validate')).body.issue[0].severity).toBe('information');
        expect(
          (await send('POST', 'Location/v/$validate', { resourceType: 'Location', id: 'w' })).body.issue[0],
        ).toMatchObject({ severity: 'error', expression: ['Location.id'] });
        expect((await send('POST', 'Task/$validate', PATIENT)).body.issue[0].severity).toBe('error');
        expect((await send('GET', 'Location/nowhere/$validate')).status).toBe(404);
        expect((await send('GET', 'Location/$validate')).status).toBe(400);
        expect((await send('GET', 'Location/v/$validate?mode=sell')).status).toBe(400);
        const unknown = await send('GET', 'Location/v/$validate?speed=fast');
        expect([unknown.status, unknown.body.issue[0].diagnostics]).toEqual([
          400,
          expect.stringContaining('profile'),
        ]);
      });
    });

    it('$validate warns of codes beside an extensible value set; a write does not mind them', async () => {
      const patient = {
        ...PATIENT,
        maritalStatus: { coding: [{ system: 'urn:own', code: 'x' }] },
        contact: [{ name: { text: 'C' }, relationship: [{ text: 'a text alone is no code' }] }],
      };
      const { body } = await send('POST', 'Patient/$validate', patient);
      expect(body.issue).toHaveLength(1);
      expect(body.issue[0]).toMatchObject({ severity: 'warning', expression: ['Patient.maritalStatus'] });
      expect((await send('POST', 'Patient', patient)).status).toBe(201);
    });

    describe('$meta, $meta-add, $meta-delete', () => {
      const parameters = (meta: object): object => ({
        resourceType: 'Parameters',
        parameter: [{ name: 'meta', valueMeta: meta }],
      });

      it('add a tag once, take it away, and answer the meta', async () => {
        await send('PUT', 'Location/m', { resourceType: 'Location', id: 'm', name: 'M' });
        const tag = { system: 'urn:x', code: 'frail' };
        const added = await send('POST', 'Location/m/$meta-add', parameters({ tag: [tag, tag] }));
        expect(added.body.parameter[0].valueMeta).toMatchObject({ versionId: '2', tag: [tag] });
        const again = await send('POST', 'Location/m/$meta-add', parameters({ tag: [tag] }));
        expect(again.body.parameter[0].valueMeta.versionId).toBe('2');
        expect((await send('GET', 'Location/m/$meta')).body.parameter[0].valueMeta.tag).toEqual([tag]);
        expect((await send('GET', 'Location?_tag=urn:x|frail')).body.entry).toHaveLength(1);
        const removed = await send('POST', 'Location/m/$meta-delete', parameters({ tag: [tag] }));
        expect(removed.body.parameter[0].valueMeta.tag).toBeUndefined();
      });

      it('refuse GET, a missing meta and one that is none', async () => {
        expect((await send('GET', 'Location/m/$meta-add')).status).toBe(405);
        expect((await send('POST', 'Location/m/$meta-add', parameters({ tag: 'frail' }))).status).toBe(400);
        const none = { resourceType: 'Parameters', parameter: [] };
        expect((await send('POST', 'Location/m/$meta-add', none)).body.issue[0].expression).toEqual([
          'Parameters.meta',
        ]);
        expect((await send('POST', 'Location/none/$meta-add', parameters({}))).status).toBe(404);
      });
    });

    describe('$everything', () => {
      const stays = [1, 2, 3].map((number) => ({
        resourceType: 'Encounter',
        id: `s${number}`,
        status: 'finished',
        class: { system: CODE_SYSTEM.actCode, code: 'IMP' },
        subject: { reference: 'Patient/e' },
        episodeOfCare: [{ reference: 'EpisodeOfCare/c' }],
        period: { start: `2026-0${number}-01T08:00:00Z`, end: `2026-0${number}-03T08:00:00Z` },
      }));
      const letters = stays.map(({ id }) => ({
        resourceType: 'Communication',
        id: `l-${id}`,
        status: 'completed',
        subject: { reference: 'Patient/e' },
        encounter: { reference: `Encounter/${id}` },
      }));
      const entry = (resource: { resourceType: string; id: string }): object => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      });
      beforeAll(async () => {
        const resources = [
          { resourceType: 'Organization', id: 'gp', name: 'Lægehuset' },
          { ...PATIENT, id: 'e', generalPractitioner: [{ reference: 'Organization/gp' }] },
          { ...PATIENT, id: 'other' },
          {
            resourceType: 'EpisodeOfCare',
            id: 'c',
            status: 'active',
            patient: { reference: 'Patient/e' },
            careManager: { reference: 'Practitioner/pr' },
          },
          { resourceType: 'Practitioner', id: 'pr', name: [{ family: 'Koordinator' }] },
          ...stays,
          ...letters,
        ];
        const stored = await send('POST', '', {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: resources.map(entry),
        });
        expect(stored.status).toBe(200);
      });

      const walk = async (path: string): Promise<{ found: string[]; pages: number }> => {
        const found: string[] = [];
        let next: string | undefined = path;
        let pages = 0;
        for (; next !== undefined; pages++) {
          const { status, body } = await send('GET', next);
          expect(status).toBe(200);
          found.push(...keys(body));
          next = body.link
            .find(({ relation }: { relation: string }) => relation === 'next')
            ?.url.slice('http://overgang.test/fhir/'.length);
        }
        return { found, pages };
      };

      it('of a citizen has the citizen first, the compartment and what it refers to, in pages', async () => {
        const whole = await walk('Patient/e/$everything');
        expect(whole.found[0]).toBe('Patient/e');
        expect(whole.found).toEqual(
          expect.arrayContaining([
            'Organization/gp',
            'EpisodeOfCare/c',
            'Encounter/s1',
            'Communication/l-s3',
          ]),
        );
        expect(whole.found).not.toContain('Patient/other');
        expect(new Set(whole.found).size).toBe(whole.found.length);
        const paged = await walk('Patient/e/$everything?_count=2');
        expect(paged.pages).toBeGreaterThan(2);
        expect([...paged.found].sort()).toEqual([...whole.found].sort());
      });

      it('of a course has the course, its stays, their exchanges, the coordinator', async () => {
        const { found } = await walk('EpisodeOfCare/c/$everything');
        expect(found[0]).toBe('EpisodeOfCare/c');
        expect(found).toEqual(
          expect.arrayContaining(['Patient/e', 'Practitioner/pr', 'Encounter/s2', 'Communication/l-s2']),
        );
        expect(found).not.toContain('Patient/other');
        const paged = await walk('EpisodeOfCare/c/$everything?_count=1');
        expect(paged.pages).toBeGreaterThan(3);
        expect([...paged.found].sort()).toEqual([...found].sort());
        expect(new Set(found).size).toBe(found.length);
      });

      it('what all records refer to comes once, on the last pages, also what is only referred to', async () => {
        const paged = await walk(
          'Patient/e/$everything?_count=1&_type=Organization,Practitioner,Communication',
        );
        expect(paged.found).toEqual([
          'Communication/l-s3',
          'Communication/l-s2',
          'Communication/l-s1',
          'Organization/gp',
          'Practitioner/pr',
        ]);
      });

      it('_since also finds what changed and is referred to by what did not', async () => {
        const { body } = await send('PUT', 'Practitioner/pr', {
          resourceType: 'Practitioner',
          id: 'pr',
          name: [{ family: 'Ny' }],
        });
        const since = body.meta.lastUpdated;
        expect((await walk(`Patient/e/$everything?_since=${since}`)).found).toEqual(['Practitioner/pr']);
        expect((await walk(`EpisodeOfCare/c/$everything?_since=${since}`)).found).toEqual([
          'Practitioner/pr',
        ]);
        for (const wrong of ['_since=soon', '_cursor=~x', '_cursor=x']) {
          expect((await send('GET', `EpisodeOfCare/c/$everything?${wrong}`)).status).toBe(400);
        }
      });

      it('_type and _since limit it; who is not there is 404', async () => {
        expect(new Set((await walk('Patient/e/$everything?_type=Communication')).found)).toEqual(
          new Set(letters.map(({ id }) => `Communication/${id}`)),
        );
        expect((await walk('EpisodeOfCare/c/$everything?_type=Encounter,Patient')).found.sort()).toEqual([
          'Encounter/s1',
          'Encounter/s2',
          'Encounter/s3',
          'Patient/e',
        ]);
        const later = new Date(Date.now() + 3_600_000).toISOString();
        expect((await walk(`Patient/e/$everything?_since=${later}`)).found).toEqual([]);
        expect((await send('GET', 'Patient/nobody/$everything')).status).toBe(404);
        expect((await send('GET', 'Patient/e/$everything?_type=Starship')).status).toBe(400);
        expect((await send('GET', 'Patient/e/$everything?_count=many')).status).toBe(400);
        expect((await send('GET', 'Location/$everything')).status).toBe(404);
      });
    });

    describe('terminology', () => {
      const value = (body: { parameter: { name: string }[] }, name: string): unknown => {
        const found = body.parameter.find((one) => one.name === name) as Record<string, unknown> | undefined;
        return found === undefined
          ? undefined
          : Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
      };
      const GENDER = 'http://hl7.org/fhir/administrative-gender';

      it('$expand gives the codes of R4, in pages and filtered; an unknown value set is 404', async () => {
        const url = 'url=http://hl7.org/fhir/ValueSet/administrative-gender';
        const { body } = await send('GET', `ValueSet/$expand?${url}`);
        expect(body.expansion.contains.map(({ code }: { code: string }) => code)).toEqual(
          expect.arrayContaining(['male', 'female']),
        );
        const page = await send('GET', `ValueSet/$expand?${url}&count=1&offset=1`);
        expect(page.body.expansion).toMatchObject({ total: 4, offset: 1, contains: [expect.anything()] });
        expect((await send('GET', 'ValueSet/$expand?url=http://nowhere.dk/vs')).status).toBe(404);
        expect((await send('GET', 'ValueSet/$expand')).status).toBe(400);
        expect((await send('GET', `ValueSet/$expand?${url}&count=all`)).status).toBe(400);
      });

      it('stored code systems, value sets and maps are used as soon as they are stored', async () => {
        const system = 'http://test.dk/cs';
        const put = (resource: { resourceType: string; id: string }) =>
          send('PUT', `${resource.resourceType}/${resource.id}`, resource);
        const concept = [{ code: 'a', display: 'Anden', concept: [{ code: 'b', display: 'Bil' }] }];
        const codes = {
          resourceType: 'CodeSystem',
          id: 'cs',
          url: system,
          status: 'active',
          content: 'complete',
          concept,
        };
        expect((await put(codes)).status).toBe(201);
        const set = {
          resourceType: 'ValueSet',
          id: 'vs',
          url: 'http://test.dk/vs',
          status: 'active',
          compose: { include: [{ system }] },
        };
        expect((await put(set)).status).toBe(201);
        expect((await send('GET', 'ValueSet/vs/$expand')).body.expansion.total).toBe(2);
        expect((await send('POST', 'ValueSet/$expand', set)).body.expansion.total).toBe(2);
        const lookup = await send('GET', `CodeSystem/$lookup?system=${system}&code=b`);
        expect(value(lookup.body, 'display')).toBe('Bil');
        const subsumed = await send('GET', `CodeSystem/$subsumes?system=${system}&codeA=a&codeB=b`);
        expect(value(subsumed.body, 'outcome')).toBe('subsumes');
        const inside = await send(
          'GET',
          `ValueSet/$validate-code?url=http://test.dk/vs&system=${system}&code=b`,
        );
        expect(value(inside.body, 'result')).toBe(true);
        const valid = await send('GET', `CodeSystem/cs/$validate-code?code=z`);
        expect(value(valid.body, 'result')).toBe(false);
        const element = [{ code: 'a', target: [{ code: 'male', equivalence: 'equivalent' }] }];
        const map = {
          resourceType: 'ConceptMap',
          id: 'cm',
          url: 'http://test.dk/cm',
          status: 'active',
          group: [{ source: system, target: GENDER, element }],
        };
        expect((await put(map)).status).toBe(201);
        const translated = await send(
          'GET',
          `ConceptMap/$translate?url=http://test.dk/cm&system=${system}&code=a`,
        );
        expect(value(translated.body, 'result')).toBe(true);
        await put({ ...codes, concept: [...concept, { code: 'c' }] } as typeof codes);
        expect((await send('GET', 'ValueSet/vs/$expand')).body.expansion.total).toBe(3);
      });

      it('$lookup of a code that is not there is 404, without one 400', async () => {
        expect((await send('GET', `CodeSystem/$lookup?system=${GENDER}&code=blue`)).status).toBe(404);
        expect((await send('GET', `CodeSystem/$lookup?system=${GENDER}`)).status).toBe(400);
        expect(
          (
            await send('POST', 'CodeSystem/$lookup', {
              resourceType: 'Parameters',
              parameter: [{ name: 'coding', valueCoding: { system: GENDER, code: 'male' } }],
            })
          ).status,
        ).toBe(200);
      });
    });

    it('__explain tells how a search is executed, without values', async () => {
      const { status, body } = await send('GET', 'Patient?identifier=secret&__explain=true');
      expect(status).toBe(200);
      expect(body).toMatchObject({ sql: expect.any(String), rows: 0, execution: expect.any(Number) });
      expect(body.sql).not.toContain('secret');
    });

    it('$evaluate-measure answers for our Measures, and names a missing parameter', async () => {
      const missing = await send('GET', 'Measure/discharge-letter/$evaluate-measure');
      expect([missing.status, missing.body.issue[0].expression]).toEqual([400, ['Parameters.periodStart']]);
      const report = await send(
        'GET',
        'Measure/discharge-letter/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-03-31',
      );
      expect([report.status, report.body.resourceType]).toEqual([200, 'MeasureReport']);
    });
  },
  { lifetime: 'block' },
);
