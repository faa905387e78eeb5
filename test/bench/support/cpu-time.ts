import { readFileSync } from 'node:fs';

/** Clock ticks a second of /proc, on every Linux of today. */
const TICKS = 100;

/** Milliseconds of processor time that these processes have used so far; 0 where there is no /proc. */
export function cpuTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) * (1000 / TICKS);
}

/** The same of processes of PostgreSQL's and all its siblings, those that have ended meanwhile among them. */
export function familyCpuTime(pids: readonly number[]): number {
  // The first may have ended since it was listed.
  const parent = pids.map((pid) => Number(statOf(pid)[1])).find((each) => each > 0);
  const [, , ...ended] = statOf(parent ?? 0).slice(11, 15);
  return cpuTime(pids) + ended.reduce((sum, ticks) => sum + Number(ticks), 0) * (1000 / TICKS);
}

/** Milliseconds of all processors since the machine started: all, and what its host gave to other machines meanwhile. */
export function machineTime(): { readonly all: number; readonly stolen: number } {
  try {
    const [first = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
    const ticks = first.split(/\s+/).slice(1, 9).map(Number);
    const all = ticks.reduce((sum, each) => sum + each, 0);
    return { all: all * (1000 / TICKS), stolen: (ticks[7] ?? 0) * (1000 / TICKS) };
  } catch {
    return { all: 0, stolen: 0 };
  }
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
