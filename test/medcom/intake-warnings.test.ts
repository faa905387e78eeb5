import { describe, expect, it } from '@jest/globals';
import type { FastifyBaseLogger } from 'fastify';
import { warnOfIntake } from '../../src/http/start/intake-warnings.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { tell } from './hospital.ts';
import { verdictOf } from './support.ts';

const CPRS = ['0101504000', '0101504001', '0101504002'];

const admitted = (cpr: string) =>
  tell('admit-inpatient', { citizen: { cpr }, episodes: [{ system: 'urn:oid:1.2.3', value: cpr.slice(6) }] });

/** Warnings while the messages come at once, as the log has them. */
async function warnings(store: Store): Promise<string[]> {
  const lines: string[] = [];
  const log = { warn: (...line: readonly unknown[]) => lines.push(JSON.stringify(line)) };
  warnOfIntake(store, log as unknown as FastifyBaseLogger);
  const answers = await Promise.all(CPRS.map((cpr) => processMessage(store, admitted(cpr))));
  expect(answers.map((answer) => verdictOf(answer).code)).toEqual(['ok', 'ok', 'ok']);
  return lines;
}

describe('messages that share a transaction', () => {
  onStore('PostgreSQL', (fixture) => {
    it('are warned of, in no words of the error, when they cannot be stored together', async () => {
      const store = await fixture.open();
      let failures = 0;
      store.addListener({
        name: 'fails once',
        types: new Set(['Encounter']),
        written: async () => {
          if (++failures === 1)
            throw Object.assign(new TypeError(`no ${CPRS[0]}\n  here`), { code: '23505' });
        },
      });
      const [line, ...more] = await warnings(store);
      expect(more).toEqual([]);
      expect(line).toContain('"messages":3,"type":"TypeError","code":"23505","at":["at ');
      expect(line).toContain('messages that shared a transaction are stored one by one');
      expect(line).not.toContain(CPRS[0]);
    });

    it('are not warned of when they are stored together', async () => {
      expect(await warnings(await fixture.open())).toEqual([]);
    });
  });
});
