#!/usr/bin/env node
// Plain JavaScript for any Node from 20 on: starts the command with the Node that the package brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The Node of the `node` package; the one that runs this when it is new enough or there is no other. */
function nodeBinary() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Told below.
  }
  process.stderr.write(
    'overgang: needs Node.js 24, or its package "node": run npm install again without --ignore-scripts\n',
  );
  process.exit(1);
}

/** Node runs TypeScript in a checkout, but not below node_modules: an installed package has its build. */
const script = [join(here, '..', 'dist', 'cli.js'), join(here, 'cli.js'), join(here, 'cli.ts')].find(
  (file) =>
    existsSync(file) && (file.endsWith('.ts') || here.includes('node_modules') || here.endsWith('dist')),
);

/** A message's objects die young: with room for more of them, half as much time goes to collecting them. */
const ROOM = '--max-semi-space-size=64';

const child = spawn(
  nodeBinary(),
  ['--no-warnings', ROOM, script ?? join(here, 'cli.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
