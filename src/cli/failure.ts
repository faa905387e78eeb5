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

/** The error itself, or the one behind it: fetch and pools wrap what really happened. */
function codeOf(error: unknown): { readonly code: string; readonly about: string } | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const { code, path, address, port } = at as NodeJS.ErrnoException & { address?: string; port?: number };
    if (code !== undefined && SYSTEM[code] !== undefined) {
      return { code, about: path ?? (address === undefined ? '' : `${address}:${port}`) };
    }
    const [inner] = at instanceof AggregateError ? (at.errors as unknown[]) : [];
    if (inner !== undefined) return codeOf(inner);
  }
  return undefined;
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
  const known = codeOf(error);
  if (known !== undefined) {
    io.err(`overgang: ${[known.about, SYSTEM[known.code]].filter((part) => part !== '').join(': ')}\n`);
    return 1;
  }
  io.err(`overgang: unexpected failure\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
