import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { until } from '../support/until.ts';
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
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      PORT: '0',
      ...environment,
    },
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

/** Whether somebody listens there. */
function isHeard(base: string): Promise<boolean> {
  const { port, hostname } = new URL(base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A request that the server has begun to hear: `send` gives it the body and waits for the answer. */
async function openRequest(base: string, body: string): Promise<() => Promise<[number, unknown]>> {
  const headers = {
    'content-type': 'application/fhir+json',
    'content-length': Buffer.byteLength(body),
    expect: '100-continue',
  };
  const open = request(base, { method: 'POST', headers });
  const answered = once(open, 'response') as Promise<[IncomingMessage]>;
  await once(open, 'continue');
  return async () => {
    open.end(body);
    const [answer] = await answered;
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += chunk;
    return [answer.statusCode as number, JSON.parse(text)];
  };
}

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overgang-serve-'));
  let running: Started | undefined;
  afterEach(() => {
    running?.child.kill('SIGKILL');
    running = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const server = process.env.OVERGANG_TEST_POSTGRES;
  (server === undefined ? it.skip : it)(
    'serves by several processes on one port: one that dies is replaced, and all stop together',
    async () => {
      const database = `serve_${Date.now()}`;
      const admin = new pg.Client({ connectionString: `${server}postgres` });
      await admin.connect();
      await admin.query(`CREATE DATABASE ${database}`);
      try {
        running = await start({ DATABASE_URL: `${server}${database}`, OVERGANG_PROCESSES: '2' });
        const { base, child, ended, log } = running;
        const serving = (): string[] =>
          [...log().matchAll(/"pid":(\d+)[^\n]*listening at/g)].map(([, pid]) => pid as string);
        const started = (many: number): Promise<number> =>
          until(
            () => new Set(serving()).size,
            (count) => count >= many,
          );
        expect(await started(2)).toBe(2);
        const create = async (): Promise<number> => {
          const headers = { 'content-type': 'application/fhir+json', connection: 'close' };
          return (await fetch(`${base}/Patient`, { method: 'POST', headers, body: JSON.stringify(PATIENT) }))
            .status;
        };
        expect(await Promise.all(Array.from({ length: 8 }, create))).toEqual(Array(8).fill(201));
        process.kill(Number(serving()[0]), 'SIGKILL');
        expect(await started(3)).toBe(3);
        expect(await create()).toBe(201);
        expect(await (await fetch(`${base}/Patient?_summary=count`)).json()).toMatchObject({ total: 9 });
        child.kill('SIGTERM');
        expect(await ended).toBe(0);
      } finally {
        running?.child.kill('SIGKILL');
        await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
        await admin.end();
      }
    },
    240_000,
  );

  it('is refused with several processes on the embedded database', async () => {
    const { ended, log } = await start({ OVERGANG_DATA: 'memory', OVERGANG_PROCESSES: '2' });
    expect(await ended).toBe(2);
    expect(log()).toContain('OVERGANG_PROCESSES');
  });

  it('names wrong settings without a stack and ends with 2', async () => {
    const { ended, log } = await start({ PORT: 'x', LOG_LEVEL: 'loud' });
    expect(await ended).toBe(2);
    expect(log()).toMatch(/PORT: .*\n.*LOG_LEVEL: /);
    expect(log()).not.toMatch(/\n\s+at /);
  });

  it('on SIGTERM finishes open requests, ends with 0, and what it acknowledged is there after the next start', async () => {
    running = await start({ OVERGANG_DATA: folder });
    const { base, child, ended, log } = running;
    expect(log()).toContain('Access control is off');
    const entry = Array.from({ length: 300 }, (_, index) => ({
      resource: { ...PATIENT, id: `p${index}` },
      request: { method: 'PUT', url: `Patient/p${index}` },
    }));
    const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
    const send = await openRequest(base, JSON.stringify(bundle));
    child.kill('SIGTERM');
    expect(
      await until(
        () => isHeard(base),
        (heard) => !heard,
      ),
    ).toBe(false);
    const [status, answered] = await send();
    expect([status, (answered as typeof bundle).entry.length]).toEqual([200, 300]);
    expect(await ended).toBe(0);

    running = await start({ OVERGANG_DATA: folder });
    const count = await fetch(`${running.base}/Patient?_summary=count`);
    expect(await count.json()).toMatchObject({ total: 300 });
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(0);
  });

  it('what is no HTTP is answered with an OperationOutcome', async () => {
    // A folder that is there already saves seconds.
    running = await start({ OVERGANG_DATA: folder });
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
  });
});
