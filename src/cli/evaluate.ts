import { Command, Option } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import { type By, readBy } from './evaluate/by.ts';
import { csvOf } from './evaluate/csv.ts';
import { readPeriod } from './evaluate/period.ts';
import { type Evaluated, evaluateAll, PARAMETERS } from './evaluate/run.ts';
import { resultTable } from './evaluate/table.ts';
import type { Io } from './io.ts';
import { databaseTarget, httpTarget } from './load/target.ts';
import { environmentWith } from './serve.ts';

interface Options {
  readonly period: string;
  readonly asOf?: string;
  readonly measure?: readonly string[];
  readonly by?: string;
  readonly smallNumbers?: 'mask' | 'show';
  readonly format: 'table' | 'json' | 'csv';
  readonly server?: string;
  readonly database?: string;
  readonly data?: string;
}

function render({ reports, lines }: Evaluated, options: Options, by: By): string {
  if (options.format === 'csv') return csvOf(lines);
  if (options.format === 'table') return resultTable(lines, by);
  const entry = reports.map((resource) => ({ resource }));
  return `${JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }, null, 2)}\n`;
}

/** Who reaches the database reaches every citizen: there `--small-numbers show` needs no leave. */
function configWith(io: Io, { database, data, smallNumbers }: Options): Config {
  const config = loadConfig(environmentWith(io, { database, data }));
  return smallNumbers === undefined ? config : { ...config, smallNumbers };
}

export function evaluateCommand(io: Io): Command {
  return new Command('evaluate')
    .description('evaluate measures over a period and print the result')
    .requiredOption(
      '--period <period>',
      'year 2026, quarter 2026-Q1, month 2026-03, or 2026-01-15..2026-02-14',
    )
    .option('--as-of <time>', 'decides what was due (default: now)')
    .option('--measure <id...>', 'ids of Measures (default: the six national parameters)')
    .option(
      '--by <list>',
      'a line for each month, quarter or year, and for each region, municipality, hospital …: --by month,region',
    )
    .addOption(
      new Option(
        '--small-numbers <how>',
        'mask or show counts below 5 (default: as the server is set)',
      ).choices(['mask', 'show']),
    )
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--server <url>', 'FHIR endpoint to ask, such as http://127.0.0.1:8080/fhir')
    .option('--database <url>', 'PostgreSQL to evaluate instead (default: DATABASE_URL)')
    .option('--data <folder>', 'folder of the embedded database to evaluate instead (default: OVERGANG_DATA)')
    .action(async (options: Options) => {
      const period = readPeriod(options.period);
      const by = readBy(options.by);
      const { server, smallNumbers } = options;
      const target =
        server === undefined ? await databaseTarget(configWith(io, options)) : httpTarget(server);
      try {
        const evaluated = await evaluateAll(target, {
          measures: options.measure ?? Object.keys(PARAMETERS),
          period,
          ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
          ...by,
          ...(smallNumbers === undefined ? {} : { smallNumbers }),
        });
        io.out(render(evaluated, options, by));
      } finally {
        await target.close();
      }
    });
}
