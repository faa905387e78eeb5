import { Command } from 'commander';
import { demoCommand } from './demo.ts';
import { evaluateCommand } from './evaluate.ts';
import { tellFailure } from './failure.ts';
import { generateCommand } from './generate.ts';
import type { ExitCode, Io } from './io.ts';
import { loadCommand } from './load.ts';
import { migrateCommand } from './migrate.ts';
import { reportCommand } from './report.ts';
import { serveCommand } from './serve.ts';
import { packageVersion } from './version.ts';

function program(io: Io): Command {
  const root = new Command('overgang')
    .description('FHIR R4 server for care coordination across sectors in Denmark')
    .version(packageVersion())
    .showHelpAfterError('(overgang --help lists the commands)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  for (const command of [
    serveCommand(io),
    migrateCommand(io),
    generateCommand(io),
    loadCommand(io),
    evaluateCommand(io),
    reportCommand(io),
    demoCommand(io),
  ]) {
    root.addCommand(command.copyInheritedSettings(root));
  }
  return root;
}

/**
 * Runs one command line (without node and script).
 * @returns 0 it worked, 1 it did not, 2 the command line or the settings are wrong; a server that is still
 * listening keeps the process alive after it.
 */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    await program(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return tellFailure(io, error);
  }
}
