import { describe, expect, it } from '@jest/globals';
import type { PlanDefinition } from '@medplum/fhirtypes';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import { onEveryStore } from '../support/stores.ts';
import { ADMITTED, agreementFile, DISCHARGED, episode, exchange, stay } from './support/stay.ts';
import { planningStore, put, read, remove, taskOf } from './support/store.ts';

const { dischargeLetter } = EXCHANGE;
const due = async (store: Parameters<typeof taskOf>[0], id?: string) => {
  const task = await taskOf(store, dischargeLetter, id);
  return `${task?.instantiatesCanonical?.replace(/^.*\//, '')} ${task?.status} ${task?.restriction?.period?.end}`;
};

/** The agreement of Region Midtjylland with another number of business days for the letter. */
function withLetterDays(days: number, more: Partial<PlanDefinition> = {}): PlanDefinition {
  const plan = { ...agreementFile('DK-82'), ...more };
  const action = plan.action?.find(({ code }) => code?.[0]?.coding?.[0]?.code === dischargeLetter);
  const offset = action?.extension?.[0]?.extension?.find(({ url }) => url === 'offset');
  Object.assign(offset?.valueDuration ?? {}, { value: days });
  return plan;
}

describe('a changed agreement', () => {
  onEveryStore(
    (fixture) => {
      it('moves the due times of the stays that it governs, closed ones too, and no others', async () => {
        const store = await planningStore(fixture);
        const done = stay({ start: ADMITTED, end: DISCHARGED }, { id: 'done' });
        const before = stay(
          { start: '2023-12-20T10:00:00+01:00', end: '2023-12-22T10:00:00+01:00' },
          { id: 'before' },
        );
        const letter = exchange(dischargeLetter, '2026-03-16T09:00:00+01:00', {
          encounter: { reference: 'Encounter/done' },
        });
        const open = stay({ start: ADMITTED, end: DISCHARGED });
        await put(
          store,
          episode('coordination', { period: { start: '2023-01-01' } }),
          open,
          done,
          before,
          letter,
        );
        const untouched = await due(store, 'before');
        expect(await due(store)).toBe('agreement-DK-82|2025 requested 2026-03-17T22:59:59.999Z');

        await put(store, withLetterDays(1));
        expect(await due(store)).toBe('agreement-DK-82|2025 requested 2026-03-13T22:59:59.999Z');
        expect(await due(store, 'done')).toBe('agreement-DK-82|2025 completed 2026-03-13T22:59:59.999Z');
        expect(await due(store, 'before')).toBe(untouched);
      });

      it('gives way to a new version from the day that one begins, and to the default when it is retired', async () => {
        const store = await planningStore(fixture);
        await put(store, episode('coordination'), stay({ start: ADMITTED, end: DISCHARGED }));
        const next = {
          id: 'agreement-DK-82-2026',
          version: '2026',
          effectivePeriod: { start: '2026-03-12' },
        };
        await put(store, withLetterDays(2, next));
        expect(await due(store)).toBe('agreement-DK-82|2026 requested 2026-03-16T22:59:59.999Z');
        await put(store, withLetterDays(2, { ...next, effectivePeriod: { start: '2026-03-13' } }));
        expect(await due(store)).toBe('agreement-DK-82|2025 requested 2026-03-17T22:59:59.999Z');

        await put(store, { ...agreementFile('DK-82'), status: 'retired' });
        expect(await due(store)).toBe('agreement-DK|2025 requested 2026-03-17T22:59:59.999Z');
        await remove(store, 'PlanDefinition', 'agreement-DK-2025');
        expect((await taskOf(store, dischargeLetter))?.statusReason?.coding?.[0]?.code).toBe('no-agreement');
      });

      it('that cannot work is refused, and nothing of its transaction is stored', async () => {
        const store = await planningStore(fixture);
        const wrong = withLetterDays(-1);
        const before = await read<PlanDefinition>(store, 'PlanDefinition', 'agreement-DK-82-2025');
        await expect(put(store, episode('coordination'), wrong)).rejects.toMatchObject({ status: 422 });
        expect(await read(store, 'EpisodeOfCare', 'course')).toBeUndefined();
        const kept = await read<PlanDefinition>(store, 'PlanDefinition', 'agreement-DK-82-2025');
        expect(kept).toEqual(before);
      });
    },
    { lifetime: 'block' },
  );
});
