import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Io } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as a program would: nobody watches, and no setting of this machine is seen. */
export async function run(args: readonly string[], environment: Io['environment'] = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
    environment: { LOG_LEVEL: 'silent', OVERGANG_DATA: 'memory', ...environment },
  };
  return { code: await runCli(args, io), out, err };
}

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'overgang-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
