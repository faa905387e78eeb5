import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { readConcurrency } from './generate.ts';
import { CliError, type Io } from './io.ts';
import { type LoadState, loadState } from './load/resume.ts';
import { forEachConcurrently } from './load/send-all.ts';
import { countItems, filesOf, type Item, itemsOf, requestFor } from './load/sources.ts';
import { databaseTarget, httpTarget, problemOf, type Target } from './load/target.ts';
import { type Progress, showProgress } from './progress.ts';
import { environmentWith } from './serve.ts';

interface Options {
  readonly to?: string;
  readonly database?: string;
  readonly data?: string;
  readonly concurrency: string;
  readonly state?: string;
  readonly restart?: boolean;
}

const STATE_FILE = '.overgang-load.json';

async function sendItem(target: Target, item: Item): Promise<void> {
  const answer = await target.send(requestFor(item));
  if (answer.status < 200 || answer.status > 299) throw new CliError(`${item.where}: ${problemOf(answer)}`);
}

async function* skipping(items: AsyncIterable<Item>, count: number): AsyncGenerator<Item> {
  let index = 0;
  for await (const item of items) {
    if (index >= count) yield item;
    index += 1;
  }
}

interface Load {
  readonly target: Target;
  readonly state: LoadState;
  readonly concurrency: number;
  readonly progress: Progress;
}

/** Sends the Bundles of one file that are not done yet. */
async function loadFile(file: string, load: Load): Promise<void> {
  const name = basename(file);
  const before = load.state.done(name);
  await forEachConcurrently(
    skipping(itemsOf(file), before),
    load.concurrency,
    async (item) => {
      await sendItem(load.target, item);
      load.progress.advance();
    },
    (done) => load.state.record(name, before + done),
  );
}

export function loadCommand(io: Io): Command {
  return new Command('load')
    .description('send Bundles to a FHIR server or into a database; an interrupted load goes on where it was')
    .argument('<source>', 'folder made by generate, NDJSON file of Bundles, or one Bundle in a JSON file')
    .option('--to <url>', 'FHIR endpoint, such as http://127.0.0.1:8080/fhir')
    .option('--database <url>', 'PostgreSQL instead of a server (default: DATABASE_URL)')
    .option('--data <folder>', 'folder of the embedded database instead of a server (default: OVERGANG_DATA)')
    .option('--concurrency <number>', 'requests at a time', '4')
    .option('--state <file>', `note of how far the load has come (default: ${STATE_FILE} beside the source)`)
    .option('--restart', 'send everything again')
    .action(async (source: string, options: Options) => {
      const files = await filesOf(source);
      const folder = statSync(source).isDirectory() ? source : dirname(source);
      const concurrency = readConcurrency(options.concurrency);
      const target =
        options.to === undefined
          ? await databaseTarget(
              loadConfig(environmentWith(io, { database: options.database, data: options.data })),
            )
          : httpTarget(options.to);
      const state = loadState(
        options.state ?? join(folder, STATE_FILE),
        target.name,
        options.restart === true,
      );
      try {
        let total = 0;
        for (const file of files) total += (await countItems(file)) - state.done(basename(file));
        const progress = showProgress(io, 'Bundles', total);
        try {
          // One file after the other: courses refer to the organisations of the first.
          for (const file of files) await loadFile(file, { target, state, concurrency, progress });
        } catch (error) {
          state.save();
          throw error;
        } finally {
          progress.end();
        }
        state.clear();
        io.err(`loaded ${total} Bundles into ${target.name}\n`);
      } finally {
        await target.close();
      }
    });
}
