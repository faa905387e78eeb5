import { writeFile } from 'node:fs/promises';
import type { ExpectedVerdict } from '../../synthetic/expected.ts';
import type { Sending } from '../../synthetic/medcom/course.ts';
import { generateCourses, type PopulationOptions } from '../../synthetic/population.ts';
import { organisationBundles } from '../../synthetic/render/bundle.ts';
import { CliError } from '../io.ts';
import { forEachConcurrently } from './send-all.ts';
import { requestFor } from './sources.ts';
import { httpTarget, problemOf, type Target } from './target.ts';

interface PostOptions {
  /** File for the planted verdicts; absent: they are returned only. */
  readonly expected?: string;
  readonly concurrency: number;
  readonly onCourse?: () => void;
}

async function post(target: Target, sending: Sending): Promise<void> {
  const answer = await target.send(requestFor({ text: JSON.stringify(sending), where: target.name }));
  if (answer.status !== 200) throw new CliError(`${target.name} refused what was sent: ${problemOf(answer)}`);
}

/** Generates a population and posts it to a FHIR server as it goes. @returns the planted verdicts, in order */
export async function postPopulation(
  population: PopulationOptions,
  address: string,
  options: PostOptions,
): Promise<readonly ExpectedVerdict[]> {
  const target = httpTarget(address);
  await forEachConcurrently(organisationBundles(), options.concurrency, (bundle) => post(target, bundle));
  const expected: ExpectedVerdict[] = [];
  const courses = function* () {
    for (const course of generateCourses(population)) {
      expected.push(...course.expected);
      yield course.sendings;
    }
  };
  await forEachConcurrently(courses(), options.concurrency, async (sendings) => {
    // In their order: a stay's messages after its course.
    for (const sending of sendings) await post(target, sending);
    options.onCourse?.();
  });
  if (options.expected !== undefined) {
    await writeFile(options.expected, expected.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  return expected;
}
