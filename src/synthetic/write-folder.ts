import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { dateTimeText } from './clock.ts';
import { generateCourses, type PopulationOptions } from './population.ts';
import { organisationBundles } from './render/bundle.ts';

/** Files of a population, in the order in which they are loaded; see docs/generator.md. */
export const POPULATION_FILES = {
  organisations: 'organisations.ndjson',
  courses: 'courses.ndjson',
  expected: 'expected.ndjson',
  manifest: 'population.json',
} as const;

/** Writes one line of JSON, and waits while the disk is slower than we are. */
async function writeLine(stream: WriteStream, value: unknown): Promise<void> {
  if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain');
}

async function opened(path: string): Promise<WriteStream> {
  const stream = createWriteStream(path);
  await once(stream, 'open');
  return stream;
}

/**
 * Writes a population to a folder, replacing one that is there.
 * @param onCourse called after each course
 */
export async function writePopulation(
  options: PopulationOptions,
  folder: string,
  onCourse: () => void = () => {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = (name: keyof typeof POPULATION_FILES): string => join(folder, POPULATION_FILES[name]);
  const organisations = organisationBundles().map((bundle) => `${JSON.stringify(bundle)}\n`);
  await writeFile(file('organisations'), organisations.join(''));
  const courses = await opened(file('courses'));
  const expected = await opened(file('expected'));
  for (const course of generateCourses(options)) {
    for (const sending of course.sendings) await writeLine(courses, sending);
    for (const verdict of course.expected) await writeLine(expected, verdict);
    onCourse();
  }
  courses.end();
  expected.end();
  await Promise.all([finished(courses), finished(expected)]);
  // Last: a folder with a manifest is complete.
  const { from, until, asOf, sayable, ...rest } = options;
  const as = sayable === true ? 'medcom' : 'fhir';
  const manifest = {
    ...rest,
    as,
    from: dateTimeText(from),
    until: dateTimeText(until),
    asOf: dateTimeText(asOf),
  };
  await writeFile(file('manifest'), `${JSON.stringify(manifest, null, 2)}\n`);
}
