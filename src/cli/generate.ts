import { Command, Option } from 'commander';
import {
  DEFAULT_REQUEST,
  type PopulationOptions,
  type PopulationRequest,
  populationOptions,
} from '../synthetic/population.ts';
import { writePopulation } from '../synthetic/write-folder.ts';
import { type Io, usageError } from './io.ts';
import { postPopulation } from './load/post-population.ts';
import { showProgress } from './progress.ts';

interface Options {
  readonly courses: string;
  readonly seed: string;
  readonly from: string;
  readonly until: string;
  readonly asOf?: string;
  readonly as?: 'fhir' | 'medcom';
  readonly to: string;
  readonly expected?: string;
  readonly concurrency: string;
}

/** @throws CliError 2 naming the option that is wrong */
export function readPopulation(options: Omit<Options, 'to' | 'concurrency' | 'expected'>): PopulationOptions {
  const request: PopulationRequest = {
    courses: Number(options.courses),
    seed: options.seed,
    from: options.from,
    until: options.until,
    ...(options.as === undefined ? {} : { as: options.as }),
    ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
  };
  try {
    return populationOptions(request);
  } catch (error) {
    throw usageError(`--${(error as RangeError).message}`);
  }
}

/** @throws CliError 2 */
export function readConcurrency(text: string): number {
  const concurrency = Number(text);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) {
    throw usageError('--concurrency must be a whole number from 1 to 64');
  }
  return concurrency;
}

export function generateCommand(io: Io): Command {
  return new Command('generate')
    .description('make a synthetic population with planted verdicts; the same seed gives the same bytes')
    .option('--courses <number>', 'how many courses', String(DEFAULT_REQUEST.courses))
    .option('--seed <text>', 'which population', DEFAULT_REQUEST.seed)
    .option('--from <date>', 'first day of admissions', DEFAULT_REQUEST.from)
    .option('--until <date>', 'last day of admissions', DEFAULT_REQUEST.until)
    .option('--as-of <time>', 'nothing later is known (default: noon on the day after --until)')
    .addOption(
      new Option(
        '--as <dialect>',
        'stays as resources, or as HospitalNotification messages and OIOXML letters',
      )
        .choices(['fhir', 'medcom'])
        .default('fhir'),
    )
    .requiredOption('--to <folder or URL>', 'folder to write to, or FHIR server to post to')
    .option(
      '--expected <file>',
      'where to write the planted verdicts when posting (default: expected.ndjson)',
    )
    .option('--concurrency <number>', 'requests at a time when posting', '4')
    .action(async (options: Options) => {
      const population = readPopulation(options);
      const concurrency = readConcurrency(options.concurrency);
      const progress = showProgress(io, 'courses', population.courses);
      const posting = /^https?:\/\//.test(options.to);
      if (!posting && options.expected !== undefined) {
        throw usageError('--expected is for posting: a folder gets its expected.ndjson');
      }
      try {
        if (posting) {
          const expected = options.expected ?? 'expected.ndjson';
          await postPopulation(population, options.to, { expected, concurrency, onCourse: progress.advance });
          io.err(`posted ${population.courses} courses; the planted verdicts are in ${expected}\n`);
        } else {
          await writePopulation(population, options.to, progress.advance);
          io.err(`wrote ${population.courses} courses to ${options.to}\n`);
        }
      } finally {
        progress.end();
      }
    });
}
