import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyJson, parseJsonText } from '../../src/fhir/json.ts';
import { parseJson } from '../../src/http/formats/json.ts';
import { onStore } from '../support/stores.ts';
import { openServer, type Server } from './support/server.ts';

const digits = (from: number, to: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: from, maxLength: to }).map((all) => all.join(''));
/** The grammar of decimal: 0, -1.50, 100.000, 6.02e+23. */
const decimal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.integer({ min: 1, max: 9 }), digits(0, 20)).map(([a, b]) => a + b),
    ),
    fc.oneof(
      fc.constant(''),
      digits(1, 20).map((d) => `.${d}`),
    ),
    fc.constantFrom('', '', 'e3', 'E-2', 'e+10'),
  )
  .map((parts) => parts.join(''));

describe('a decimal', () => {
  it('is written as it was read, through copies too, and is a plain number in between', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 5 }), fc.boolean(), (texts, spaced) => {
        const gap = spaced ? ' ' : '';
        const json = `{${texts.map((text, index) => `"a${index}":{"value":${gap}${text}${gap}}`).join(',')}}`;
        const compact = json.replaceAll(' ', '');
        for (const parsed of [parseJson(json), parseJsonText(json)]) {
          expect(JSON.stringify(parsed)).toBe(compact);
          expect(JSON.stringify(copyJson(parsed))).toBe(compact);
          expect(parsed).toEqual(JSON.parse(json));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that is set to another value is written as that value', () => {
    const parsed = parseJsonText('{"value":1.50}') as { value: number };
    parsed.value = 2;
    expect(JSON.stringify(parsed)).toBe('{"value":2}');
  });
});

const observation = (value: string, extra = ''): string =>
  `{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/d"},` +
  `"valueQuantity":{"value":${value},"unit":"mg"}${extra}}`;

onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    beforeAll(async () => {
      server = await openServer(fixture);
      send = server.send;
      await send('PUT', 'Patient/d', { resourceType: 'Patient', id: 'd' });
    }, 120_000);
    afterAll(() => server.close());

    const create = async (value: string): Promise<string> =>
      (await send('POST', 'Observation', observation(value))).body.id;
    const valueIn = (text: string): string | undefined =>
      /"valueQuantity":\{[^}]*?"value":([^,}]+)/.exec(text.replaceAll(/\s+/g, ''))?.[1];

    describe('the precision of a decimal', () => {
      it('is kept by every door that answers a resource', async () => {
        const created = await send('POST', 'Observation', observation('1.50'));
        const path = `Observation/${created.body.id}`;
        const paths = [
          path,
          `${path}?_pretty=true`,
          `${path}?_elements=value`,
          `${path}?_summary=true`,
          `${path}/_history/1`,
          `${path}/_history`,
          `Observation?_id=${created.body.id}`,
          `Observation?_id=${created.body.id}&_pretty=true`,
          'Patient/d/$everything',
        ];
        expect(valueIn(created.text)).toBe('1.50');
        for (const each of paths)
          expect([each, valueIn((await send('GET', each)).text)]).toEqual([each, '1.50']);
      });

      it('is kept from JSON to XML to JSON', async () => {
        const id = await create('0.0000100');
        const { text } = await send('GET', `Observation/${id}?_format=xml`);
        expect(text).toContain('<value value="0.0000100"/>');
        const xml = { 'content-type': 'application/fhir+xml' };
        const put = await send('PUT', `Observation/${id}`, text, xml);
        expect(put.headers.etag).toBe('W/"1"');
        const changed = text.replace('0.0000100', '1E2');
        expect(valueIn((await send('PUT', `Observation/${id}`, changed, xml)).text)).toBe('1E2');
      });

      it('is a difference: 1.5 after 1.50 is a new version', async () => {
        const id = await create('1.50');
        const body = (await send('GET', `Observation/${id}`)).text;
        expect((await send('PUT', `Observation/${id}`, body)).headers.etag).toBe('W/"1"');
        const other = await send('PUT', `Observation/${id}`, body.replace('1.50', '1.5'));
        expect([other.headers.etag, valueIn(other.text)]).toEqual(['W/"2"', '1.5']);
      });

      it('is kept by patches of something else, and set by a patch', async () => {
        const id = await create('2.0');
        const json = { 'content-type': 'application/json-patch+json' };
        const patched = await send(
          'PATCH',
          `Observation/${id}`,
          '[{"op":"add","path":"/note","value":[{"text":"n"}]}]',
          json,
        );
        expect(valueIn(patched.text)).toBe('2.0');
        const replaced = await send(
          'PATCH',
          `Observation/${id}`,
          '[{"op":"replace","path":"/valueQuantity/value","value":3.10}]',
          json,
        );
        expect(valueIn(replaced.text)).toBe('3.10');
        const again = await send(
          'PATCH',
          `Observation/${id}`,
          '[{"op":"replace","path":"/valueQuantity/value","value":3.1}]',
          json,
        );
        expect(valueIn(again.text)).toBe('3.1');
        const fhirPath =
          '{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},' +
          '{"name":"path","valueString":"Observation.value.value"},{"name":"value","valueDecimal":4.00}]}]}';
        expect(valueIn((await send('PATCH', `Observation/${id}`, fhirPath)).text)).toBe('4.00');
        const tagged = await send(
          'POST',
          `Observation/${id}/$meta-add`,
          '{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"t"}]}}]}',
        );
        expect(tagged.status).toBe(200);
        expect(valueIn((await send('GET', `Observation/${id}`)).text)).toBe('4.00');
      });

      it('is kept in a transaction whose references are rewritten', async () => {
        const bundle =
          `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111",` +
          `"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}},{"resource":` +
          `${observation('7.250', ',"extension":[{"url":"urn:x","valueReference":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"}}]')},` +
          `"request":{"method":"POST","url":"Observation"}}]}`;
        const answer = await send('POST', '', bundle);
        const path = answer.body.entry[1].response.location.split('/_history')[0].replace(/^.*\/fhir\//, '');
        const { text } = await send('GET', path);
        expect([valueIn(text), text.includes('urn:uuid')]).toEqual(['7.250', false]);
      });

      it('does not make a whole number of 1.0', async () => {
        const parameters = '{"resourceType":"Patient","multipleBirthInteger":1.0}';
        const refused = await send('POST', 'Patient', parameters);
        expect([refused.status, refused.body.issue[0].expression]).toEqual([
          422,
          ['Patient.multipleBirth.ofType(integer)'],
        ]);
      });
    });
  },
  { lifetime: 'block' },
);
