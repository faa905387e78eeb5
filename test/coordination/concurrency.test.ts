import { describe, expect, it } from '@jest/globals';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import { onStore } from '../support/stores.ts';
import { ADMITTED, citizen, DISCHARGED, dischargePlan, episode, exchange, stay } from './support/stay.ts';
import { planningStore, put, taskOf, worklist } from './support/store.ts';

/** On PostgreSQL only: PGlite has one connection, so its transactions never meet. */
describe('facts that arrive at the same moment', () => {
  onStore(
    'PostgreSQL',
    (fixture) => {
      it('in transactions of their own are all seen: course, stay, letters and plan', async () => {
        const store = await planningStore(fixture);
        for (let round = 0; round < 8; round += 1) {
          const patient = { reference: `Patient/p${round}` };
          const id = `s${round}`;
          const encounter = { reference: `Encounter/${id}` };
          const of = { subject: patient, encounter };
          const cpr = { system: 'urn:oid:1.2.208.176.1.2', value: `251248${2000 + round}` };
          await Promise.all([
            put(store, { ...citizen(`p${round}`), identifier: [cpr] }),
            put(store, episode('coordination', { id: `c${round}`, patient })),
            put(store, stay({ start: ADMITTED, end: DISCHARGED }, { id, subject: patient })),
            put(store, exchange(EXCHANGE.dischargeReport, DISCHARGED, { id: `r${round}`, ...of })),
            put(store, exchange(EXCHANGE.dischargeLetter, DISCHARGED, { id: `l${round}`, ...of })),
            put(store, dischargePlan(ADMITTED, ADMITTED, { id: `d${round}`, ...of })),
          ]);
          const tasks = await worklist(store, id);
          for (const code of ['discharge-report', 'discharge-letter', 'discharge-plan'] as const) {
            expect(`${code}: ${tasks[code]}`).toMatch(/: completed due/);
          }
          expect((await taskOf(store, 'care-pathway-plan', id))?.status).toBe('requested');
        }
      });
    },
    { lifetime: 'block' },
  );
});
