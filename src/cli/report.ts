import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { buildApp } from '../http/app.ts';
import { yearlyReport } from '../measures/yearly/fill.ts';
import { renderYearlyReport } from '../measures/yearly/package.ts';
import { readInstant } from '../synthetic/clock.ts';
import { type Io, usageError } from './io.ts';
import { environmentWith } from './serve.ts';

interface Options {
  readonly year: string;
  readonly to: string;
  readonly asOf?: string;
  readonly yearsBefore: string;
  readonly threshold?: string;
  readonly database?: string;
  readonly data?: string;
}

function whole(name: string, text: string, low: number, high: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < low || number > high) {
    throw usageError(`--${name} must be a whole number from ${low} to ${high}`);
  }
  return number;
}

function instant(text: string): string {
  try {
    return new Date(readInstant(text)).toISOString();
  } catch (error) {
    throw usageError(`--as-of: ${(error as Error).message}`);
  }
}

export function reportCommand(io: Io): Command {
  return new Command('report')
    .description('write the yearly report: Bundle of MeasureReports, CSV, and a document to read')
    .requiredOption('--year <year>', 'the year reported on')
    .requiredOption('--to <folder>', 'where to write the three files')
    .option('--as-of <time>', 'decides what was due (default: now)')
    .option('--years-before <number>', 'earlier years to show the development from', '2')
    .option('--threshold <number>', 'counts below it are withheld (default: OVERGANG_SMALL_NUMBERS_BELOW)')
    .option('--database <url>', 'PostgreSQL (default: DATABASE_URL)')
    .option('--data <folder>', 'folder of the embedded database (default: OVERGANG_DATA)')
    .action(async (options: Options) => {
      const { database, data, to } = options;
      const request = {
        year: whole('year', options.year, 2007, 2199),
        yearsBefore: whole('years-before', options.yearsBefore, 0, 10),
        ...(options.asOf === undefined ? {} : { asOf: instant(options.asOf) }),
      };
      const config = loadConfig(environmentWith(io, { database, data }));
      const threshold =
        options.threshold === undefined
          ? config.smallNumbersBelow
          : whole('threshold', options.threshold, 1, 1000);
      const app = await buildApp({ ...config, logLevel: 'silent' });
      try {
        const { names, bundle, csv, html } = renderYearlyReport(await yearlyReport(app.store, request), {
          threshold,
        });
        await mkdir(to, { recursive: true });
        await writeFile(join(to, names.bundle), `${JSON.stringify(bundle, null, 2)}\n`);
        await writeFile(join(to, names.csv), csv);
        await writeFile(join(to, names.html), html);
        io.err(`wrote ${Object.values(names).join(', ')} to ${to}\n`);
      } finally {
        await app.close();
      }
    });
}
