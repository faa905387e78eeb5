import { it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { onEveryStore } from '../support/stores.ts';
import { citizen, discharged as _d, DISCHARGED, ADMITTED, dischargePlan, endOfTreatment, episode, exchange, stay, ORGANIZATIONS, AGREEMENT_FILES, agreementFile } from './support/stay.ts';
import { put } from './support/store.ts';
import { obligationPlanner } from '../../src/coordination/planner.ts';
import { loadStayFacts } from '../../src/coordination/stay-facts.ts';
import { obligationsOf } from '../../src/coordination/obligations.ts';
import { calendar } from './support/facts.ts';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
onEveryStore((fixture) => {
  it('speed', async () => {
    for (const planning of [false, true]) {
    const store = await fixture.open();
    const planner = obligationPlanner();
    let spent = 0;
    if (planning) store.addListener({ ...planner, written: async (t, w) => { const s = performance.now(); await planner.written(t, w); spent += performance.now() - s; } });
    await put(store, ...AGREEMENT_FILES.map(agreementFile), ...ORGANIZATIONS);
    const all: Resource[][] = [];
    for (let i = 0; i < 1000; i++) {
      const id = `p${i}`; const p = { reference: `Patient/${id}` }; const e = { reference: `Encounter/s${i}` };
      all.push([{ ...citizen(id, '0751'), identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: `251248${String(i).padStart(4,'0')}` }] }, episode('coordination', { id: `c${i}`, patient: p }), episode('municipal-services', { id: `m${i}`, patient: p }),
        stay({ start: ADMITTED, end: DISCHARGED }, { id: `s${i}`, subject: p, extension: [endOfTreatment('2026-03-11T09:00:00+01:00')] }),
        ...(['admission-report', 'care-pathway-plan', 'ready-for-discharge', 'discharge-report', 'discharge-letter'] as const).map((c) => exchange(c, '2026-03-12T10:00:00+01:00', { id: `x${i}-${c}`, subject: p, encounter: e })),
        dischargePlan('2026-03-11T10:00:00+01:00', '2026-03-11T11:00:00+01:00', { id: `d${i}`, subject: p, encounter: e })]);
    }
    let t = performance.now();
    for (let i = 0; i < 500; i += 100) await put(store, ...all.slice(i, i + 100).flat());
    console.log(fixture.kind, 'planning', planning, 'bulk 100 courses/tx: ms/course', ((performance.now() - t) / 500).toFixed(2), 'planner', (spent / 500).toFixed(2)); spent = 0;
    t = performance.now();
    for (let i = 500; i < 600; i++) await put(store, ...all[i]!);
    console.log(fixture.kind, 'planning', planning, '1 course/tx: ms/course', ((performance.now() - t) / 100).toFixed(2), 'planner', (spent / 100).toFixed(2)); spent = 0;
    t = performance.now();
    for (let i = 600; i < 650; i++) for (const r of all[i]!) await put(store, r);
    console.log(fixture.kind, 'planning', planning, 'single writes: ms/write', ((performance.now() - t) / 500).toFixed(2), 'planner', (spent / 500).toFixed(2)); spent = 0;
    await put(store, ...all.slice(650).flat());
    if (planning) {
      const ids = all.map((_, i) => `s${i}`);
      t = performance.now(); const facts = await loadStayFacts(store, ids); console.log(fixture.kind, 'load 1000', (performance.now() - t).toFixed(0));
      t = performance.now(); for (const f of facts) obligationsOf(f, calendar); console.log('obligations 1000', (performance.now() - t).toFixed(0));
      t = performance.now(); await put(store, { ...agreementFile('DK-82'), title: 'x' }); console.log('agreement change re-plan 1000', (performance.now() - t).toFixed(0));
    }
    }
  }, 300000);
});
