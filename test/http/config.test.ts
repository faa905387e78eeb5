import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { settingsTable } from '../../src/config/settings-table.ts';
import { ConfigError, loadConfig, readEnvironment } from '../../src/config.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('without any, Overgang listens on loopback with an embedded store', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      dataFolder: '.overgang/data',
      logLevel: 'info',
      timezone: 'Europe/Copenhagen',
      auth: 'none',
      production: false,
    });
    expect(config.databaseUrl).toBeUndefined();
  });

  it('every wrong setting is named in one refusal, without its value', () => {
    const problems = problemsOf({
      PORT: '80800',
      LOG_LEVEL: 'loud',
      OVERGANG_TIMEZONE: 'Mars/Base',
      DATABASE_URL: 'mysql://secret:word@host/db',
      OVERGANG_BASE_URL: 'example.dk',
      OVERGANG_AUTH: 'on',
      OVERGANG_BODY_LIMIT: '0',
    });
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'OVERGANG_AUTH',
      'OVERGANG_BASE_URL',
      'OVERGANG_BODY_LIMIT',
      'OVERGANG_TIMEZONE',
      'PORT',
    ]);
    expect(problems.join()).not.toContain('secret');
  });

  it('another address than loopback needs OVERGANG_AUTH=off', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^HOST: .*OVERGANG_AUTH=off/)]);
    expect(loadConfig({ HOST: '0.0.0.0', OVERGANG_AUTH: 'off' }).host).toBe('0.0.0.0');
    for (const host of ['localhost', '127.0.0.2', '::1']) expect(loadConfig({ HOST: host }).host).toBe(host);
  });

  it('production refuses the embedded store unless told', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^DATABASE_URL: /)]);
    expect(loadConfig({ NODE_ENV: 'production', OVERGANG_EMBEDDED_IN_PRODUCTION: 'yes' }).dataFolder).toBe(
      '.overgang/data',
    );
    expect(loadConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgres://db/overgang' }).databaseUrl).toBe(
      'postgres://db/overgang',
    );
  });

  it('two databases at once are refused', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://db/x', OVERGANG_DATA: 'memory' })).toEqual([
      expect.stringMatching(/^OVERGANG_DATA: /),
    ]);
  });

  it('every start warns that access control is off, and of settings that do not exist', () => {
    const { warnings } = loadConfig({ OVERGANG_BASEURL: 'x' });
    expect(warnings).toContainEqual(expect.stringContaining('Access control is off'));
    expect(warnings).toContainEqual(expect.stringContaining('OVERGANG_BASEURL'));
  });

  it('the environment wins over .env', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'overgang-')), '.env');
    writeFileSync(file, 'PORT=9000\nLOG_LEVEL=warn\n');
    const config = loadConfig(readEnvironment(file, { PORT: '9001' }));
    expect([config.port, config.logLevel]).toEqual([9001, 'warn']);
  });
});

describe('docs/configuration.md', () => {
  it('has the table of all settings', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    // The formatter may align the columns.
    const plain = (text: string): string =>
      text
        .replace(/ +/g, ' ')
        .replace(/-{3,}/g, '---')
        .replace(/ ?\| ?/g, '|');
    expect(plain(page)).toContain(plain(settingsTable()));
  });
});
