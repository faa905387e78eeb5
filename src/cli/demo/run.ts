import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config.ts';
import { buildApp } from '../../http/app.ts';
import { dateTimeText } from '../../synthetic/clock.ts';
import type { PopulationOptions } from '../../synthetic/population.ts';
import { organisationBundles } from '../../synthetic/render/bundle.ts';
import { evaluateAll, PARAMETERS } from '../evaluate/run.ts';
import { matrixTable, resultTable } from '../evaluate/table.ts';
import type { Io } from '../io.ts';
import { postPopulation } from '../load/post-population.ts';
import { httpTarget } from '../load/target.ts';
import { showProgress } from '../progress.ts';
import { styleFor } from '../style.ts';
import { client } from './client.ts';
import { explainedVerdict } from './explained.ts';
import { tellStory } from './story.ts';
import { teller } from './teller.ts';

export interface DemoOptions {
  readonly population: PopulationOptions;
  /** 0: a free one. */
  readonly port: number;
  /** Stay up until a signal. */
  readonly stay: boolean;
}

const QUARTER = { start: '2026-01-01', end: '2026-03-31' };
const CONCURRENCY = 4;

async function show(io: Io, base: string, { population }: DemoOptions): Promise<void> {
  const style = styleFor(io);
  const heading = (text: string): void => io.out(`\n${style.bold(text)}\n\n`);
  const parties = {
    hospital: client('hospital', base),
    municipality: client('municipality', base),
    practice: client('practice', base),
  };
  for (const bundle of organisationBundles()) await parties.hospital.post('', bundle);

  heading('1. One citizen');
  const stayId = await tellStory(parties, teller(io));

  heading(`2. A quarter: ${population.courses} courses in all five regions, January to March 2026`);
  const progress = showProgress(io, 'courses', population.courses);
  const began = performance.now();
  await postPopulation(population, base, { concurrency: CONCURRENCY, onCourse: progress.advance });
  progress.end();
  io.out(`  posted in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);

  heading('3. The six national parameters');
  const asked = performance.now();
  const { lines } = await evaluateAll(httpTarget(base), {
    measures: Object.keys(PARAMETERS),
    period: QUARTER,
    asOf: dateTimeText(population.asOf),
    stratifier: 'region',
  });
  const answered = ((performance.now() - asked) / 1000).toFixed(1);
  io.out(resultTable(lines.filter((line) => line.stratum === undefined)));
  io.out('\n');
  io.out(matrixTable(lines, 'region'));
  io.out(`\n${style.dim(`six reports in ${answered} s, as of ${dateTimeText(population.asOf)}`)}\n`);

  heading('4. Why?');
  io.out(
    `  ${await explainedVerdict(parties.municipality, stayId, QUARTER, dateTimeText(population.asOf))}\n`,
  );
}

function addresses(io: Io, base: string): void {
  const style = styleFor(io);
  const line = (what: string, path: string): void => io.out(`  ${what.padEnd(26)} ${base}${path}\n`);
  io.out(`\n${style.bold('Still here')}, until Ctrl-C:\n\n`);
  line('what the server can do', '/metadata');
  line('courses', '/EpisodeOfCare?type=coordination&_count=5');
  line('what is overdue', '/Task?status=requested&_count=5');
  line(
    'one parameter',
    `/Measure/ready-for-discharge/$evaluate-measure?periodStart=${QUARTER.start}&periodEnd=${QUARTER.end}`,
  );
}

const signal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

/** A server of its own on the loopback address, with a database in a temporary folder that goes when it ends. */
export async function runDemo(io: Io, options: DemoOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'overgang-demo-'));
  try {
    const app = await buildApp(
      loadConfig({
        HOST: '127.0.0.1',
        PORT: String(options.port),
        OVERGANG_DATA: folder,
        LOG_LEVEL: 'silent',
        // Nobody in the demo is real.
        OVERGANG_SMALL_NUMBERS: 'show',
      }),
    );
    try {
      const base = `${await app.listen({ host: '127.0.0.1', port: options.port })}/fhir`;
      io.out(`Overgang at ${base}, an embedded database in ${folder}\n`);
      await show(io, base, options);
      if (options.stay) {
        addresses(io, base);
        await signal();
      }
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
