/**
 * Many clients for a long time: the mix of reads and writes through 64 connections, with the memory of the server's
 * process looked at all along. Every answer must be a success.
 *
 *   node test/bench/endure.ts [minutes, default 2] [connections, default 64] [Observations, default 10000]
 */

import { readFileSync } from 'node:fs';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { crudOf } from './support/crud.ts';
import { line, machine, median, sizeArgument } from './support/figures.ts';
import { fire } from './support/fire.ts';
import { load } from './support/observations.ts';
import { startOvergang } from './support/processes.ts';

const minutes = sizeArgument(0, 2);
const connections = sizeArgument(1, 64);
const size = sizeArgument(2, 10_000);

/** Megabytes of memory that a process holds (Linux). */
function memoryOf(pid: number): number {
  const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1]) / 1024;
}

const server = await startPostgres();
const url = server.url('postgres');
const store = await openStore({ databaseUrl: url });
await load(store, size);
await store.close();
const overgang = await startOvergang(url);
const { mixed } = crudOf(size);

await fire(overgang.origin, mixed.shot, 5, connections);
const memory: number[] = [];
const timer = setInterval(() => memory.push(memoryOf(overgang.pid)), 1000);
const {
  perSecond,
  median: middle,
  p99,
  refused,
} = await fire(overgang.origin, mixed.shot, minutes * 60, connections);
clearInterval(timer);

console.log(machine(server.version));
line('', 'a second', 'median', 'p99', 'p99 / median', 'refused');
line(
  `${connections} clients, ${minutes} min, mixed`,
  perSecond.toFixed(0),
  `${middle} ms`,
  `${p99} ms`,
  (p99 / middle).toFixed(1),
  `${refused}`,
);
line('', 'first quarter', 'second', 'third', 'last quarter');
const quarter = Math.max(1, Math.floor(memory.length / 4));
line(
  'memory, median',
  ...[0, 1, 2, 3].map(
    (part) => `${median(memory.slice(part * quarter, (part + 1) * quarter)).toFixed(0)} MB`,
  ),
);

await overgang.stop();
await server.stop();
