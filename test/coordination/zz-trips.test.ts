import { it } from '@jest/globals';
import { onStore } from '../support/stores.ts';
import { citizen, DISCHARGED, ADMITTED, endOfTreatment, episode, exchange, stay, ORGANIZATIONS, AGREEMENT_FILES, agreementFile } from './support/stay.ts';
import { put } from './support/store.ts';
import { obligationPlanner } from '../../src/coordination/planner.ts';
onStore('PostgreSQL', (fixture) => {
  it('trips', async () => {
    const store = await fixture.open();
    const planner = obligationPlanner();
    const sums = new Map<string, [number, number]>();
    store.addListener({ ...planner, written: async (t, w) => {
      const proxy = new Proxy(t, { get: (target, name) => { const f = (target as any)[name]; return typeof f !== 'function' ? f : async (...a: any[]) => { const s = performance.now(); try { return await f.apply(target, a); } finally { const k = name === 'search' ? `search ${a[0].types} ${JSON.stringify(a[0].applied).slice(0, 40)}` : `${String(name)} ${name === 'readMany' ? a[0][0]?.type : ''}`; const [n, ms] = sums.get(k) ?? [0, 0]; sums.set(k, [n + 1, ms + performance.now() - s]); } }; } });
      const s = performance.now(); await planner.written(proxy as any, w); const [n, ms] = sums.get('ALL') ?? [0, 0]; sums.set('ALL', [n + 1, ms + performance.now() - s]);
    } });
    await put(store, ...AGREEMENT_FILES.map(agreementFile), ...ORGANIZATIONS);
    const one = async (i: number) => {
      const id = `p${i}`; const p = { reference: `Patient/${id}` }; const e = { reference: `Encounter/s${i}` };
      await put(store, { ...citizen(id, '0751'), identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: `251248${String(i).padStart(4,'0')}` }] }, episode('coordination', { id: `c${i}`, patient: p }), episode('municipal-services', { id: `m${i}`, patient: p }),
        stay({ start: ADMITTED, end: DISCHARGED }, { id: `s${i}`, subject: p, identifier: [{ system: 'x', value: `e${i}` }], extension: [endOfTreatment('2026-03-11T09:00:00+01:00')] }));
      for (const c of ['admission-report', 'care-pathway-plan', 'ready-for-discharge', 'discharge-report', 'discharge-letter'] as const) await put(store, exchange(c, '2026-03-12T10:00:00+01:00', { id: `x${i}-${c}`, subject: p, encounter: e }));
    };
    for (let i = 0; i < 30; i++) await one(i);
    sums.clear();
    const t = performance.now();
    for (let i = 30; i < 90; i++) await one(i);
    console.log('per course ms', (performance.now() - t) / 60);
    console.log([...sums].map(([k, [n, ms]]) => `${k}: ${n} × ${(ms / n).toFixed(2)}`).join('\n'));
  }, 300000);
});
