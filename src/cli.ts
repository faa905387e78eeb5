import { processIo } from './cli/io.ts';
import { runCli } from './cli/program.ts';

// Set, not called: output that is still being written ends first, and a server goes on.
process.exitCode = await runCli(process.argv.slice(2), processIo());
