import { writeFile } from 'node:fs/promises';
import type { Bundle } from '@medplum/fhirtypes';
import type { ExpectedVerdict } from '../../synthetic/expected.ts';
import { generateCourses, type PopulationOptions } from '../../synthetic/population.ts';
import { organisationBundles } from '../../synthetic/render/bundle.ts';
import { CliError } from '../io.ts';
import { forEachConcurrently } from './send-all.ts';
import { httpTarget, problemOf, type Target } from './target.ts';

interface PostOptions {
  /** File for the planted verdicts; absent: they are returned only. */
  readonly expected?: string;
  readonly concurrency: number;
  readonly onCourse?: () => void;
}

async function post(target: Target, bundle: Bundle): Promise<void> {
  const answer = await target.send({ method: 'POST', path: '', body: JSON.stringify(bundle) });
  if (answer.status !== 200) throw new CliError(`${target.name} refused a Bundle: ${problemOf(answer)}`);
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
      yield course.bundle;
    }
  };
  await forEachConcurrently(courses(), options.concurrency, async (bundle) => {
    await post(target, bundle);
    options.onCourse?.();
  });
  if (options.expected !== undefined) {
    await writeFile(options.expected, expected.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }
  return expected;
}
