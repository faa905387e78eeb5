/** What a command may touch of the world around it; tests give their own. */
export interface Io {
  /** Writes to standard output, as given. */
  out(text: string): void;
  /** Writes to standard error, as given. */
  err(text: string): void;
  /** Whether a person watches: progress bars and colour are for them alone. */
  readonly interactive: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stdout.isTTY === true && process.stderr.isTTY === true,
    environment: process.env,
  };
}

/** 1: it was understood but did not work. 2: it was not understood. */
export type ExitCode = 0 | 1 | 2;

/** A failure that the user can understand and mend: told in words, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 1) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. */
export function usageError(message: string): CliError {
  return new CliError(message, 2);
}
