import { Command } from 'commander';
import { runDemo } from './demo/run.ts';
import { readPopulation } from './generate.ts';
import { type Io, usageError } from './io.ts';

interface Options {
  readonly courses: string;
  readonly seed: string;
  readonly port: string;
  readonly exit?: boolean;
}

export function demoCommand(io: Io): Command {
  return new Command('demo')
    .description(
      'show it all: a temporary server, the story of one citizen, a synthetic quarter, the six parameters',
    )
    .option('--courses <number>', 'courses in the quarter', '400')
    .option('--seed <text>', 'which population', '1')
    .option('--port <number>', 'port on the loopback address; 0 takes a free one', '0')
    .option('--exit', 'end after the results instead of staying up')
    .action(async (options: Options) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usageError('--port must be 0 to 65535');
      const quarter = { from: '2026-01-01', until: '2026-03-31' };
      const population = readPopulation({ ...options, ...quarter });
      await runDemo(io, { population, port, stay: options.exit !== true });
    });
}
