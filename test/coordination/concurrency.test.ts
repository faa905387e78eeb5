import { describe, expect, it } from '@jest/globals';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import { onStore } from '../support/stores.ts';
import {
  ADMITTED,
  agreementFile,
  citizen,
  DISCHARGED,
  dischargePlan,
  episode,
  exchange,
  stay,
} from './support/stay.ts';
import { planningStore, put, taskOf, worklist } from './support/store.ts';

/** On PostgreSQL only: PGlite has one connection, so its transactions never meet. */
describe('facts that arrive at the same moment', () => {
  onStore(
    'PostgreSQL',
    (fixture) => {
      it('beside a change of the agreement are seen too, and the change is', async () => {
        const store = await planningStore(fixture);
        const ids = Array.from({ length: 12 }, (_, number) => `a${number}`);
        const stays = ids.map((id) => stay({ start: ADMITTED, end: DISCHARGED }, { id }));
        await put(store, episode('coordination'), ...stays);
        const plan = agreementFile('DK-82');
        await Promise.all([
          put(store, { ...plan, version: '2026' }),
          ...ids.map((id) =>
            put(
              store,
              exchange(EXCHANGE.dischargeLetter, DISCHARGED, {
                id: `l-${id}`,
                encounter: { reference: `Encounter/${id}` },
              }),
            ),
          ),
        ]);
        for (const id of ids) {
          expect((await taskOf(store, EXCHANGE.dischargeLetter, id))?.status).toBe('completed');
          expect((await taskOf(store, EXCHANGE.dischargePlan, id))?.instantiatesCanonical).toMatch(
            /DK-82\|2026$/,
          );
        }
      });

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
