import { readFileSync } from 'node:fs';

/** Clock ticks a second of /proc, on every Linux of today. */
const TICKS = 100;

/** Milliseconds of processor time that these processes have used so far; 0 where there is no /proc. */
export function cpuTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1000 / TICKS);
}

/** The same of a process of PostgreSQL's and all its siblings, those that have ended meanwhile among them. */
export function familyCpuTime(pids: readonly number[]): number {
  const parent = statOf(pids[0] ?? 0)[1];
  const [, , ...ended] = statOf(Number(parent)).slice(11, 15);
  return cpuTime(pids) + ended.reduce((sum, ticks) => sum + Number(ticks), 0) * (1000 / TICKS);
}

function ticksOf(pid: number): number {
  const [user = 0, system = 0] = statOf(pid).slice(11, 13);
  return Number(user) + Number(system);
}

/** What stands behind the name: state, parent …, user and system time (11, 12), those of ended children (13, 14). */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
