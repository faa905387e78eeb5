import { CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { FhirError } from '../fhir/outcome.ts';
import { CliError, type ExitCode, type Io } from './io.ts';

/** Ends of the world outside that a user can mend. */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'it may not be read or written',
  EPERM: 'it may not be read or written',
  EISDIR: 'it is a folder, not a file',
  ENOTDIR: 'it is not a folder',
  ENOSPC: 'the disk is full',
  EADDRINUSE: 'the port is taken by another program',
  ECONNREFUSED: 'nobody answers there',
  ENOTFOUND: 'there is no such host',
  '28P01': 'the database refuses user or password',
  '3D000': 'there is no such database',
};

/** What Node's errors carry; not by `instanceof`, since they may come from another realm. */
interface Behind {
  readonly code?: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** The error itself, or the one behind it: fetch and pools wrap what really happened. */
function known(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { code, path, address, port, cause, errors } = error as Behind;
  const meaning = code === undefined ? undefined : SYSTEM[code];
  if (meaning !== undefined) {
    const about = path ?? (address === undefined ? undefined : `${address}:${port}`);
    return about === undefined ? meaning : `${about}: ${meaning}`;
  }
  return known(cause, depth + 1) ?? known(errors?.[0], depth + 1);
}

/** Tells what went wrong and gives the exit code. Only what nobody foresaw shows a stack. */
export function tellFailure(io: Io, error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliError) {
    io.err(`overgang: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    io.err(`overgang: ${error.message}\n`);
    return 2;
  }
  if (error instanceof FhirError) {
    io.err(`overgang: ${error.message}\n`);
    return 1;
  }
  const foreseen = known(error);
  if (foreseen !== undefined) {
    io.err(`overgang: ${foreseen}\n`);
    return 1;
  }
  io.err(`overgang: unexpected failure\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
