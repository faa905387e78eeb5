import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Bundle, Communication } from '@medplum/fhirtypes';
import { sendDue } from '../../src/medcom/outgoing/send-due.ts';
import { onStore } from '../support/stores.ts';
import {
  acknowledge,
  bundleOf,
  communication,
  endpoint,
  parties,
  put,
  receiver,
  rows,
  send,
} from './outgoing-support.ts';
import { when } from './stay-scenario.ts';

const SENDER = fileURLToPath(new URL('./outgoing-sender.ts', import.meta.url));

/** Runs a sender until it kills itself; resolves with what it had sent. */
function killedSender(databaseUrl: string, step: string, now: string): Promise<readonly Bundle[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SENDER, databaseUrl, step, now], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The sender ended by itself at step ${step}`));
      const lines = output.split('\n').filter(Boolean);
      resolve(lines.map((line) => JSON.parse(line) as Bundle));
    });
  });
}

onStore('PostgreSQL', (fixture) => {
  describe('a sender that is killed', () => {
    it('at any step leaves the message to be sent again under the same identity, and acknowledged once', async () => {
      const connection = await fixture.connection();
      // The embedded store lives in the process that opens it: it cannot be killed apart from the test.
      if (connection.databaseUrl === undefined) return;
      const { databaseUrl } = connection;
      const { openStore } = await import('../../src/store/open.ts');
      const store = await openStore({ databaseUrl, connections: 2, validate: () => [] });
      try {
        await parties(store, endpoint('ward'));
        await put(store, communication('question'));

        expect(await killedSender(databaseUrl, 'queueing', when('04T10'))).toEqual([]);
        expect(await rows(store)).toEqual([]);
        const unsent = JSON.parse((await store.read('Communication', 'question'))!.content) as Communication;
        expect(unsent.identifier).toBeUndefined();

        const [queued] = await send(store, 'question');
        expect(await killedSender(databaseUrl, 'before', when('04T10'))).toEqual([]);
        expect(await rows(store)).toEqual([{ state: 'waiting', attempts: 1, last_error: null }]);
        const [first] = await killedSender(databaseUrl, 'after', when('04T10:30'));
        expect(await rows(store)).toEqual([{ state: 'waiting', attempts: 2, last_error: null }]);

        const { post, got } = receiver((sent) => JSON.stringify(acknowledge(bundleOf(sent), 'ok')));
        expect(await sendDue(store, { post, now: () => when('04T10:59') })).toBe(0);
        expect(await sendDue(store, { post, now: () => when('04T11') })).toBe(1);
        const second = bundleOf(got[0]!);
        expect([first!, second].map((bundle) => bundle.entry![0]!.resource!.id)).toEqual([
          queued!.message,
          queued!.message,
        ]);
        expect(first!.id).not.toBe(second.id);
        expect(await rows(store)).toEqual([{ state: 'acknowledged', attempts: 3, last_error: null }]);
      } finally {
        await store.close();
      }
    }, 60_000);
  });
});
