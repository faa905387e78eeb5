import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { otherFormat } from '../../../src/http/formats/other-format.ts';
import { yearlyReport } from '../../../src/measures/yearly/fill.ts';
import { renderYearlyReport } from '../../../src/measures/yearly/package.ts';
import { openServer, type Server } from '../../http/support/server.ts';
import { onStore } from '../../support/stores.ts';
import { aarhus, citizen, profiles } from '../support/stored.ts';

const PATH = 'Measure/$yearly-report?year=2026&yearsBefore=0&asOf=2027-01-31T12:00:00.000Z';

onStore(
  'PostgreSQL',
  (fixture) => {
    describe('$yearly-report', () => {
      let server: Server;
      beforeAll(async () => {
        server = await openServer(fixture);
        const entry = [...profiles, ...aarhus, ...[1, 2, 3, 4, 5].flatMap((each) => citizen(each))].map(
          (resource) => ({
            resource,
            request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
          }),
        );
        const stored = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
        expect(stored.status).toBe(200);
      }, 120_000);
      afterAll(() => server.close());

      it('answers the Bundle that the package has', async () => {
        const { status, body } = await server.send('GET', PATH);
        expect(status).toBe(200);
        const { bundle } = renderYearlyReport(
          await yearlyReport(server.app.store, {
            year: 2026,
            yearsBefore: 0,
            asOf: '2027-01-31T12:00:00.000Z',
            now: (body as Bundle).timestamp as string,
          }),
        );
        expect(body).toEqual(JSON.parse(JSON.stringify(bundle)));
        expect(validateResource(body)).toEqual([]);
        const nation = (body as Bundle<MeasureReport>).entry?.find(
          ({ resource }) =>
            resource?.subject?.identifier?.value === 'DK' &&
            resource.period.start === '2026-01-01' &&
            resource.period.end === '2026-12-31',
        );
        expect(nation?.resource?.group?.[0]?.population?.[0]?.count).toBe(6);
      });

      it('answers CSV by _format and by Accept, to be saved', async () => {
        const named = await server.send('GET', `${PATH}&_format=csv`);
        const accepted = await server.send('GET', PATH, undefined, {
          accept: 'application/fhir+json;q=0.5, text/csv',
        });
        expect(named.text).toMatch(/^\uFEFFmeasure;version;period_start;/);
        expect(named.text).toContain(';2026-01-01;2026-12-31;nation;DK;Hele landet;6;6;0;1,0000;');
        expect(accepted.text).toBe(named.text);
        for (const { headers } of [named, accepted]) {
          expect(headers['content-type']).toBe('text/csv; charset=utf-8');
          expect(headers['content-disposition']).toBe('attachment; filename="aarsrapport-2026.csv"');
        }
      });

      it('answers a document to a browser, which may use the style sheet in it and nothing else', async () => {
        const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
        const { text, headers } = await server.send('GET', PATH, undefined, { accept: browser });
        expect(headers['content-type']).toBe('text/html; charset=utf-8');
        expect(text).toContain('God fælles koordination 2026');
        const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
        const hash = createHash('sha256').update(style).digest('base64');
        expect(headers['content-security-policy']).toBe(
          `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'`,
        );
        expect([...text.matchAll(/<[^>]* style=/g)]).toEqual([]);
      });

      it('answers the resource where the client leaves the choice to us', () => {
        const path = 'Measure/$yearly-report';
        for (const accept of [
          '*/*',
          'text/*',
          'application/fhir+json, text/html;q=0.9',
          'text/csv;q=0, */*',
        ]) {
          expect([accept, otherFormat(path, [], accept)]).toEqual([accept, undefined]);
        }
        expect(otherFormat(path, [['_format', 'xml']], 'text/csv')).toBeUndefined();
        expect(otherFormat(path, [['_format', 'text/html; charset=utf-8']], '*/*')).toBe('html');
      });

      it('offers CSV for itself only', async () => {
        expect((await server.send('GET', 'Patient?_format=csv')).status).toBe(406);
        expect((await server.send('GET', `${PATH}&_format=pdf`)).status).toBe(406);
      });

      it('refuses what it cannot do and names the parameter, as JSON whatever was asked for', async () => {
        const refused: [query: string, parameter: string][] = [
          ['', 'Parameters.year'],
          ['?year=1999', 'Parameters.year'],
          ['?year=2200', 'Parameters.year'],
          ['?year=this', 'http.year'],
          ['?year=2026.5', 'Parameters.year'],
          ['?year=2026&year=2025', 'Parameters.year'],
          ['?year=2026&yearsBefore=11', 'Parameters.yearsBefore'],
          ['?year=2026&yearsBefore=-1', 'Parameters.yearsBefore'],
          ['?year=2026&asOf=soon', 'Parameters.asOf'],
          ['?year=2026&threshold=1', 'http.threshold'],
        ];
        for (const [query, parameter] of refused) {
          const { status, body } = await server.send('GET', `Measure/$yearly-report${query}`, undefined, {
            accept: 'text/csv',
          });
          expect([query, status, body?.issue?.[0]?.expression]).toEqual([query, 400, [parameter]]);
        }
      });
    });
  },
  { lifetime: 'block' },
);
