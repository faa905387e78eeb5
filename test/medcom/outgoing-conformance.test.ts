import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadPackages } from '../../src/fhir/packages/load-packages.ts';
import { createValidator } from '../../src/fhir/validation/validate.ts';
import { sendDue } from '../../src/medcom/outgoing/send-due.ts';
import { onStore } from '../support/stores.ts';
import {
  acknowledge,
  bundleOf,
  communication,
  endpoint,
  ofExchange,
  parties,
  put,
  receiver,
  send,
} from './outgoing-support.ts';
import { when } from './stay-scenario.ts';
import { hasTestdata } from './support.ts';

const PACKAGES = join(import.meta.dirname, '../../../shared/testdata/packages');

onStore('PostgreSQL', (fixture) => {
  (hasTestdata ? describe : describe.skip)('by the profiles of MedCom', () => {
    it('a question, a reply and an exchange go out as valid CareCommunication messages', async () => {
      const validate = createValidator((await loadPackages(PACKAGES)).definitions);
      const store = await fixture.open();
      await parties(store, endpoint('ward'));
      await put(
        store,
        communication('question'),
        communication('reply', {
          inResponseTo: [
            {
              identifier: {
                system: 'https://overgang.dk/fhir/NamingSystem/message',
                value: '42cb9200-f421-4d08-8391-7d51a2503cb4',
              },
            },
          ],
        }),
        communication('report', ofExchange('discharge-report')),
      );
      for (const id of ['question', 'reply', 'report']) await send(store, id);
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      const sent = got.map(bundleOf);
      expect(sent).toHaveLength(3);
      for (const bundle of sent) {
        expect(validate(bundle).map((issue) => issue.diagnostics)).toEqual([]);
        expect(validate(acknowledge(bundle, 'ok')).map((issue) => issue.diagnostics)).toEqual([]);
        const { id: _id, ...headless } = bundle.entry![0]!.resource as { id: string };
        const broken = { ...bundle, entry: [{ resource: headless }, ...bundle.entry!.slice(1)] };
        expect(validate(broken)).not.toEqual([]);
      }
    }, 60_000);
  });
});
