import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { openPglite } from '../store/database/pglite.ts';
import { openPostgres } from '../store/database/postgres.ts';
import { migrate } from '../store/migrate.ts';
import { type Io, usageError } from './io.ts';
import { environmentWith } from './serve.ts';

interface Options {
  readonly data?: string;
  readonly database?: string;
}

/** A long migration may take its time. */
const NO_TIMEOUT = 0;

export function migrateCommand(io: Io): Command {
  return new Command('migrate')
    .description('bring the database to the schema of this version; running it again changes nothing')
    .option('--database <url>', 'PostgreSQL, instead of DATABASE_URL')
    .option('--data <folder>', 'folder of the embedded database, instead of OVERGANG_DATA')
    .action(async (options: Options) => {
      const { databaseUrl, dataFolder } = loadConfig(environmentWith(io, options));
      if (databaseUrl === undefined && (dataFolder === undefined || dataFolder === 'memory')) {
        throw usageError('a database in memory needs no migration: name one with --database or --data');
      }
      const database =
        databaseUrl === undefined
          ? await openPglite({ folder: dataFolder as string })
          : openPostgres({ url: databaseUrl, connections: 1, statementTimeout: NO_TIMEOUT });
      try {
        const ran = await migrate(database);
        for (const name of ran) io.out(`applied ${name}\n`);
        io.out(ran.length === 0 ? 'the schema is up to date\n' : `${ran.length} migrations applied\n`);
      } finally {
        await database.close();
      }
    });
}
