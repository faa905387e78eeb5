import { Command } from 'commander';
import { loadConfig, readEnvironment } from '../config.ts';
import { serve } from '../http/start/serve.ts';
import type { Io } from './io.ts';

interface Options {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
  readonly database?: string | undefined;
}

/** The settings of the environment and `.env`, with what the command line says instead. */
export function environmentWith(io: Io, options: Options): Readonly<Record<string, string | undefined>> {
  const environment = { ...readEnvironment('.env', io.environment) };
  if (options.host !== undefined) environment.HOST = options.host;
  if (options.port !== undefined) environment.PORT = options.port;
  if (options.database !== undefined || options.data !== undefined) {
    environment.DATABASE_URL = options.database;
    environment.OVERGANG_DATA = options.data;
  }
  return environment;
}

export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description('start the server; settings come from the environment and .env (docs/configuration.md)')
    .option('--host <address>', 'address to listen on, instead of HOST')
    .option('--port <number>', 'port, instead of PORT; 0 takes a free one')
    .option('--database <url>', 'PostgreSQL, instead of DATABASE_URL')
    .option('--data <folder>', 'folder of the embedded database (or "memory"), instead of OVERGANG_DATA')
    .action(async (options: Options) => {
      await serve(loadConfig(environmentWith(io, options)));
    });
}
