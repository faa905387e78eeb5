import { Command, Option } from 'commander';
import { loadConfig } from '../config.ts';
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
  readonly format: 'table' | 'json' | 'csv';
  readonly server?: string;
  readonly database?: string;
  readonly data?: string;
}

function render({ reports, lines }: Evaluated, options: Options): string {
  if (options.format === 'csv') return csvOf(lines);
  if (options.format === 'table') return resultTable(lines, options.by);
  const entry = reports.map((resource) => ({ resource }));
  return `${JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }, null, 2)}\n`;
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
    .option('--by <stratifier>', 'a line for each region, municipality, hospital …')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'),
    )
    .option('--server <url>', 'FHIR endpoint to ask, such as http://127.0.0.1:8080/fhir')
    .option('--database <url>', 'PostgreSQL to evaluate instead (default: DATABASE_URL)')
    .option('--data <folder>', 'folder of the embedded database to evaluate instead (default: OVERGANG_DATA)')
    .action(async (options: Options) => {
      const period = readPeriod(options.period);
      const { server, database, data } = options;
      const target =
        server === undefined
          ? await databaseTarget(loadConfig(environmentWith(io, { database, data })))
          : httpTarget(server);
      try {
        const evaluated = await evaluateAll(target, {
          measures: options.measure ?? Object.keys(PARAMETERS),
          period,
          ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
          ...(options.by === undefined ? {} : { by: options.by }),
        });
        io.out(render(evaluated, options));
      } finally {
        await target.close();
      }
    });
}
