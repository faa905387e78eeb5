/**
 * All benchmarks, one after the other, each in a process of its own: `npm run bench`, or `npm run bench -- face` for
 * one of them with its default size.
 */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Those of a minute. The others take longer: they run when they are named. */
const USUAL = ['store', 'face', 'medcom', 'measures', 'fresh'];
const BENCHES = [...USUAL, 'flat', 'endure'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}: choose of ${BENCHES.join(', ')}`);
  process.exit(2);
}
let failed = false;
for (const name of wanted.length > 0 ? wanted : USUAL) {
  console.log(`\n== ${name} ==`);
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, ['--no-warnings', script], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
