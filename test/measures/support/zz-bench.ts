import { evaluateStay } from '../../../src/measures/engine.ts';
import { six, facts, calendar, stay } from './facts.ts';
const n = 150; const f = facts();
const all = Array.from({length:n},(_, i)=>({...f, stay: stay({id:'s'+i})}));
for (let r=0;r<3;r++){ const t=process.cpuUsage(); for (const x of all) evaluateStay(six, x, {calendar}); console.log((process.cpuUsage(t).user/1000/n).toFixed(3),'cpu ms/stay'); }
