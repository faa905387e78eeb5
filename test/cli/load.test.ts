import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { loadConfig } from '../../src/config.ts';
import { buildApp } from '../../src/http/app.ts';
import { run, temporaryFolder } from './support.ts';

const folder = temporaryFolder();
const population = ['--courses', '6', '--seed', 'cli'];
let app: FastifyInstance;
let base: string;

const total = async (query: string): Promise<number> => {
  const response = await fetch(`${base}/${query}&_summary=count`);
  return ((await response.json()) as { total: number }).total;
};

beforeAll(async () => {
  const settings = { OVERGANG_DATA: 'memory', LOG_LEVEL: 'silent', OVERGANG_SMALL_NUMBERS: 'show' };
  app = await buildApp(loadConfig(settings));
  base = `${await app.listen({ host: '127.0.0.1', port: 0 })}/fhir`;
}, 180_000);

afterAll(() => app?.close());

describe('generate, load and evaluate', () => {
  it('writes a population to a folder, the same bytes each time', async () => {
    const files = ['organisations.ndjson', 'courses.ndjson', 'expected.ndjson', 'population.json'];
    const to = join(folder, 'population');
    expect(await run(['generate', ...population, '--to', to])).toMatchObject({ code: 0, out: '' });
    const before = files.map((name) => readFileSync(join(to, name), 'utf8'));
    expect(await run(['generate', ...population, '--to', to])).toMatchObject({ code: 0 });
    expect(files.map((name) => readFileSync(join(to, name), 'utf8'))).toEqual(before);
    expect(before[1]?.trim().split('\n')).toHaveLength(6);
  });

  it('loads a folder into a server, and a second time without a second version of anything', async () => {
    const args = ['load', join(folder, 'population'), '--to', base];
    expect(await run(args)).toMatchObject({ code: 0 });
    const stays = await total('Encounter?_lastUpdated=gt2000-01-01');
    const [line] = readFileSync(join(folder, 'population', 'courses.ndjson'), 'utf8').split('\n');
    const stay = JSON.parse(line as string).entry.find(
      (one: { resource: { resourceType: string } }) => one.resource.resourceType === 'Encounter',
    ).request.url;
    const version = (await (await fetch(`${base}/${stay}`)).json()) as { meta: { versionId: string } };
    expect(await run(args)).toMatchObject({ code: 0 });
    expect(await total('Encounter?_lastUpdated=gt2000-01-01')).toBe(stays);
    expect(await (await fetch(`${base}/${stay}`)).json()).toEqual(version);
  }, 180_000);

  it('goes on after a wrong line where it stopped, once it is mended', async () => {
    const source = join(folder, 'broken.ndjson');
    const good = readFileSync(join(folder, 'population', 'courses.ndjson'), 'utf8')
      .trim()
      .split('\n');
    writeFileSync(source, `${good.slice(0, 3).join('\n')}\n{"resourceType":"Patient"}\n`);
    const broken = await run(['load', source, '--to', base, '--concurrency', '1']);
    expect(broken.code).toBe(1);
    expect(broken.err).toContain(
      'broken.ndjson:4: not a Bundle of type transaction, batch or message, nor a letter',
    );
    const note = join(folder, '.overgang-load.json');
    expect(JSON.parse(readFileSync(note, 'utf8')).files).toEqual({ 'broken.ndjson': 3 });

    writeFileSync(source, `${good.slice(0, 3).join('\n')}\n`);
    appendFileSync(source, `${good[3]}\n`);
    const mended = await run(['load', source, '--to', base]);
    expect(mended.err).toContain('loaded 1 Bundles');
    expect(existsSync(note)).toBe(false);
  }, 180_000);

  it('evaluates the six parameters on a server as table, CSV and JSON', async () => {
    const asked = [
      'evaluate',
      '--period',
      '2026-Q1',
      '--as-of',
      '2026-04-01T12:00:00+02:00',
      '--server',
      base,
    ];
    const asTable = await run(asked);
    expect(asTable.code).toBe(0);
    expect(asTable.out).toMatch(/^Parameter +Denominator +Met +Excluded +Pending +% +95 % CI\n/);
    expect(asTable.out.match(/^P[1-6] /gm)).toHaveLength(6);

    const csv = async (by: string): Promise<string[]> => {
      const ran = await run([...asked, '--format', 'csv', '--by', by, '--measure', 'discharge-letter']);
      return ran.out.trim().split('\r\n');
    };
    const denominator = (row: string | undefined): number => Number(row?.split(',')[3]);
    const total = (rows: readonly string[]): number => rows.reduce((sum, row) => sum + denominator(row), 0);
    const [header, all, ...strata] = await csv('region');
    expect(header).toBe('measure,period,stratum,denominator,met,excluded,pending,share,low,high,score');
    expect(total(strata)).toBe(denominator(all));

    const byMonth = (await csv('month,region')).slice(1);
    const months = ['2026-01', '2026-02', '2026-03'];
    expect([...new Set(byMonth.map((row) => row.split(',')[1]))]).toEqual(months);
    expect(total(byMonth.filter((row) => row.split(',')[2] === ''))).toBe(denominator(all));
    expect(total(byMonth.filter((row) => row.split(',')[2] !== ''))).toBe(denominator(all));
    const asLines = await run([...asked, '--by', 'region,month', '--measure', 'length-of-stay', 'courses']);
    expect(asLines.out).toMatch(/^Parameter +month +region +Denominator .* Score\n/);
    expect(asLines.out).toMatch(/^length-of-stay +2026-01 +all +\d+ .* \d+\.\d\n/m);
    expect(asLines.out).toMatch(/^courses +2026-01 +all +\d+ +– +–\n/m);

    const json = await run([...asked, '--format', 'json', '--measure', 'discharge-letter']);
    expect(JSON.parse(json.out).entry[0].resource).toMatchObject({
      resourceType: 'MeasureReport',
      type: 'summary',
    });

    const withheld = [...asked, '--small-numbers', 'mask', '--measure', 'courses'];
    expect((await run(withheld)).out).toMatch(/^courses +\* /m);

    const none = await run([...asked, '--by', 'colour']);
    expect(none).toMatchObject({ code: 2 });
    expect(none.err).toContain('region, municipality, hospital');
  }, 180_000);

  it('tells what the server says of a measure that is not there', async () => {
    const { code, err } = await run([
      'evaluate',
      '--period',
      '2026',
      '--measure',
      'nothing',
      '--server',
      base,
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(/^overgang: nothing: 404 /);
  });

  it('migrates an embedded database once', async () => {
    const data = join(folder, 'data');
    const first = await run(['migrate', '--data', data], { OVERGANG_DATA: undefined });
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^applied 0001-resources\n/);
    expect(first.out).toMatch(/ migrations applied\n$/);
    const second = await run(['migrate', '--data', data], { OVERGANG_DATA: undefined });
    expect(second).toMatchObject({ code: 0, out: 'the schema is up to date\n' });
  }, 180_000);

  it('loads a population into a database without a server, and evaluates it there', async () => {
    // That of the test before: to make one takes seconds.
    const data = join(folder, 'data');
    const from = join(folder, 'population');
    expect(await run(['load', from, '--data', data], { OVERGANG_DATA: undefined })).toMatchObject({
      code: 0,
    });
    const found = await run(
      [
        'evaluate',
        '--period',
        '2026',
        '--data',
        data,
        '--format',
        'csv',
        '--measure',
        'admission-report',
        '--small-numbers',
        'show',
      ],
      { OVERGANG_DATA: undefined },
    );
    expect(found.code).toBe(0);
    expect(Number(found.out.split('\r\n')[1]?.split(',')[3])).toBeGreaterThan(0);

    const reports = join(folder, 'reports');
    const args = ['report', '--year', '2026', '--to', reports, '--data', data, '--as-of', '2026-12-31'];
    expect(await run(args, { OVERGANG_DATA: undefined })).toMatchObject({ code: 0 });
    expect(readFileSync(join(reports, 'aarsrapport-2026.html'), 'utf8')).toContain('<html');
    expect(readFileSync(join(reports, 'aarsrapport-2026.csv'), 'utf8').startsWith('\uFEFF')).toBe(true);
  }, 180_000);
});
