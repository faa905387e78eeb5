import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { run } from './support.ts';

describe('the overgang command', () => {
  it.each(['serve', 'migrate', 'generate', 'load', 'evaluate', 'report', 'demo'])(
    '%s has help and ends with 0',
    async (name) => {
      const { code, out, err } = await run([name, '--help']);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: overgang ${name}`);
      expect(err).toBe('');
    },
  );

  it('tells its version', async () => {
    const { code, out } = await run(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['generate'], /required option '--to/],
    [['generate', '--to', 'x', '--courses', 'many'], /--courses must be a whole number/],
    [['generate', '--to', 'x', '--from', '2026-02-30'], /--from: '2026-02-30' is neither a date/],
    [['generate', '--to', 'x', '--as-of', '2020-01-01'], /--as-of must not be earlier/],
    [['generate', '--to', 'x', '--expected', 'y'], /--expected is for posting/],
    [['load'], /missing required argument 'source'/],
    [['load', '.', '--concurrency', '0'], /--concurrency must be a whole number from 1 to 64/],
    [['load', '.', '--to', 'not a url'], /'not a url' is no URL/],
    [['evaluate'], /required option '--period/],
    [['evaluate', '--period', '2026-Q5'], /--period '2026-Q5' is no year/],
    [['evaluate', '--period', '2026', '--format', 'pdf'], /Allowed choices are table, json, csv/],
    [
      ['evaluate', '--period', '2026', '--by', 'month,quarter'],
      /--by month,quarter: one of month, quarter, year/,
    ],
    [['evaluate', '--period', '2026', '--by', 'region,age-band'], /and one stratifier; two stratifiers are/],
    [['evaluate', '--period', '2026', '--by', 'month,'], /write --by month,region/],
    [['migrate'], /name one with --database or --data/],
    [['serve', '--port', '70000'], /PORT/],
    [['report', '--year', '26', '--to', 'x'], /--year must be a whole number from 2007 to 2199/],
    [['demo', '--port', '-1'], /--port must be 0 to 65535/],
  ])('refuses %j with 2 and says why, without a stack', async (args, message) => {
    const { code, err } = await run(args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });

  it('tells in words that a file is missing, and ends with 1', async () => {
    const { code, err } = await run(['load', '/nowhere/at/all', '--to', 'http://127.0.0.1:9/fhir']);
    expect(code).toBe(1);
    expect(err).toBe('overgang: /nowhere/at/all: there is no such file or folder\n');
  });

  it('tells in words that nobody answers, and ends with 1', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const address = `http://127.0.0.1:${port}/fhir`;
    const { code, err } = await run(['evaluate', '--period', '2026', '--server', address]);
    expect(code).toBe(1);
    expect(err).toBe(`overgang: 127.0.0.1:${port}: nobody answers there\n`);
  });
});
