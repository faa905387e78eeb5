import { ConfigError, loadConfig } from './config.ts';
import { serve } from './http/start/serve.ts';

try {
  await serve(loadConfig());
} catch (error) {
  // A user's mistake is told in words; only the server's own failures show a stack.
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
