import { describe, expect, it } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { onEveryStore } from '../support/stores.ts';

const citizen = (id: string, family: string): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family, given: ['Else'] }],
  birthDate: '1941-05-17',
});

describe('writing and reading', () => {
  onEveryStore((fixture) => {
    it('a created resource is read as it was stored, byte for byte', async () => {
      const store = await fixture.open();
      const [written] = await store.transaction((t) =>
        t.write([{ op: 'create', resource: citizen('a', 'O\'"Ågård\\') }]),
      );
      const read = await store.read('Patient', 'a');
      expect(read).toEqual({
        type: 'Patient',
        id: 'a',
        version: 1,
        lastUpdated: written?.lastUpdated,
        deleted: false,
        content: written?.content,
      });
      expect(JSON.parse(read?.content ?? '')).toEqual({
        ...citizen('a', 'O\'"Ågård\\'),
        meta: { versionId: '1', lastUpdated: written?.lastUpdated },
      });
    });
  });
});
