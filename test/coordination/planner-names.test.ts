import { describe, expect, it } from '@jest/globals';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import { onEveryStore } from '../support/stores.ts';
import { discharged, OPEN } from './support/discharged.ts';
import { citizen, episode, exchange } from './support/stay.ts';
import { planningStore, put, taskOf, worklist } from './support/store.ts';

const { admissionReport, dischargeLetter, dischargeReport } = EXCHANGE;

describe('what the planner finds by name', () => {
  onEveryStore(
    (fixture) => {
      it('finds stays, citizens and practices that are named by identifier only', async () => {
        const store = await planningStore(fixture);
        const identifier = {
          system: 'https://overgang.dk/fhir/NamingSystem/stay-episode',
          value: '000000000000e522be6a484044bbf144',
        };
        const cpr = citizen().identifier?.[0];
        await put(
          store,
          exchange(dischargeReport, '2026-03-12T13:00:00+01:00', { encounter: { identifier } }),
        );
        await put(store, episode('coordination', { patient: { identifier: { ...cpr } } }));
        await put(store, discharged({ identifier: [identifier], subject: { identifier: { ...cpr } } }));
        expect(await worklist(store)).toMatchObject({
          'discharge-report': `${OPEN['discharge-report']} done 2026-03-12T13:00:00+01:00`.replace(
            'requested',
            'completed',
          ),
          'discharge-letter': OPEN['discharge-letter'],
        });
        await put(
          store,
          exchange(dischargeLetter, '2026-03-13T09:00:00+01:00', {
            encounter: { identifier },
            recipient: [{ identifier: { system: 'urn:oid:1.2.208.176.1.4', value: '061654' } }],
          }),
        );
        expect((await taskOf(store, dischargeLetter))?.status).toBe('completed');
      });

      it('names the municipality by code until it is stored, then by reference', async () => {
        const store = await planningStore(fixture);
        await put(
          store,
          citizen('anna', '0740'),
          episode('coordination'),
          episode('municipal-services'),
          discharged(),
        );
        expect((await taskOf(store, admissionReport))?.owner).toEqual({
          identifier: {
            system: 'http://hl7.dk/fhir/core/CodeSystem/dk-core-municipality-codes',
            value: '0740',
          },
          display: 'Silkeborg',
        });
        await put(store, {
          resourceType: 'Organization',
          id: 'silkeborg',
          name: 'Silkeborg Kommune',
          identifier: [
            { system: 'http://hl7.dk/fhir/core/CodeSystem/dk-core-municipality-codes', value: '0740' },
          ],
        });
        expect((await taskOf(store, admissionReport))?.owner).toEqual({
          reference: 'Organization/silkeborg',
          display: 'Silkeborg',
        });
      });
    },
    { lifetime: 'block' },
  );
});
