import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PATIENT } from './support/server.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

interface Started {
  readonly child: ChildProcess;
  readonly base: string;
  readonly log: () => string;
  readonly ended: Promise<number | null>;
}

/** Starts the server as its own process and waits until it listens. */
async function start(environment: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    cwd: tmpdir(),
  });
  let log = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const listening = new Promise<string | undefined>((resolve) => {
    const hear = (chunk: Buffer): void => {
      log += chunk.toString();
      const address = /listening at (http:[^"]+)"/.exec(log)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => resolve(undefined));
  });
  return { child, base: `${await listening}/fhir`, log: () => log, ended };
}

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overgang-serve-'));
  let running: Started | undefined;
  afterEach(() => {
    running?.child.kill('SIGKILL');
    running = undefined;
  });

  it('names wrong settings without a stack and ends with 2', async () => {
    const { ended, log } = await start({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(await ended).toBe(2);
    expect(log()).toMatch(/PORT: .*\n.*LOG_LEVEL: /);
    expect(log()).not.toMatch(/\n\s+at /);
  }, 60_000);

  it('on SIGTERM finishes open requests, ends with 0, and what it acknowledged is there after the next start', async () => {
    running = await start({ OVERGANG_DATA: folder });
    const { base, child, ended, log } = running;
    expect(log()).toContain('Access control is off');
    const entry = Array.from({ length: 300 }, (_, index) => ({
      resource: { ...PATIENT, id: `p${index}` },
      request: { method: 'PUT', url: `Patient/p${index}` },
    }));
    const open = fetch(base, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    child.kill('SIGTERM');
    const answered = await open;
    const body = (await answered.json()) as { entry: unknown[] };
    expect([answered.status, body.entry.length]).toEqual([200, 300]);
    expect(await ended).toBe(0);

    running = await start({ OVERGANG_DATA: folder });
    const count = await fetch(`${running.base}/Patient?_summary=count`);
    expect(await count.json()).toMatchObject({ total: 300 });
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it('what is no HTTP is answered with an OperationOutcome', async () => {
    running = await start({ OVERGANG_DATA: 'memory' });
    const { connect } = await import('node:net');
    const { port, hostname } = new URL(running.base);
    const text = await new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => {
        heard += chunk.toString();
      });
      socket.on('close', () => resolve(heard));
      socket.on('error', () => resolve(heard));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(text).toContain('OperationOutcome');
  }, 60_000);
});
