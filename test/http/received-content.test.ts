import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { toXml } from '../../src/fhir/xml.ts';
import { buildApp } from '../../src/http/app.ts';
import { sqlOf } from '../../src/store/sql.ts';
import { tell } from '../medcom/hospital.ts';
import { onStore } from '../support/stores.ts';

onStore('PGlite', (fixture) => {
  describe('the receipt of a message', () => {
    it.each([
      ['application/fhir+json', (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
      ['application/fhir+xml', (text: string) => toXml(JSON.parse(text))],
    ])('has the hash of the bytes that came, as %s', async (type, write) => {
      const store = await fixture.open();
      const config = loadConfig({ LOG_LEVEL: 'silent', OVERGANG_DATA: 'memory' });
      const app = await buildApp(config, { store, profiles: false });
      const { headerId: _headerId, ...message } = tell('admit-inpatient');
      const payload = write(JSON.stringify(message));
      const answer = await app.inject({
        method: 'POST',
        url: '/fhir/$process-message',
        headers: { 'content-type': type },
        payload,
      });
      expect(answer.statusCode).toBe(200);
      const receipts = await sqlOf(store).query<{ content_hash: string }>(
        "SELECT content_hash FROM medcom_receipt WHERE outcome = 'ok'",
      );
      await app.close();
      expect(receipts[0]?.content_hash).toBe(hash('sha256', payload, 'hex'));
    });
  });
});
