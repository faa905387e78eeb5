import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { POPULATION_FILES } from '../../synthetic/write-folder.ts';
import { CliError } from '../io.ts';
import type { TargetRequest } from './target.ts';

/** One Bundle to be sent, as text; `where` names it in messages. */
export interface Item {
  readonly text: string;
  readonly where: string;
}

const NOT_DATA: ReadonlySet<string> = new Set([POPULATION_FILES.expected, POPULATION_FILES.manifest]);

/** The files to load, in order: a folder's organisations first, then the rest by name. @throws CliError */
export async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path))
    .filter((name) => /\.(ndjson|json)$/.test(name) && !name.startsWith('.') && !NOT_DATA.has(name))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  if (names.length === 0) throw new CliError(`${path}: no .ndjson or .json file to load`);
  return names.map((name) => join(path, name));
}

const rank = (name: string): number => (name === POPULATION_FILES.organisations ? 0 : 1);

/** The Bundles of a file: one a line in NDJSON, the whole of a .json file. */
export async function* itemsOf(file: string): AsyncGenerator<Item> {
  if (!file.endsWith('.ndjson')) {
    yield { text: await readFile(file, 'utf8'), where: file };
    return;
  }
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    if (line.trim() !== '') yield { text: line, where: `${basename(file)}:${number}` };
  }
}

/** How many Bundles a file holds. */
export async function countItems(file: string): Promise<number> {
  let count = 0;
  for await (const _ of itemsOf(file)) count += 1;
  return count;
}

/**
 * What is sent for an item: a Bundle below the FHIR base, a letter (a Binary of XML) to the door for letters.
 * @throws CliError for anything else
 */
export function requestFor(item: Item): TargetRequest {
  let resource: { resourceType?: unknown; type?: unknown; contentType?: unknown; data?: unknown } | null;
  try {
    resource = JSON.parse(item.text);
  } catch (error) {
    throw new CliError(`${item.where}: not JSON: ${(error as Error).message}`);
  }
  const { resourceType, type, contentType, data } = resource ?? {};
  if (resourceType === 'Bundle' && (type === 'transaction' || type === 'batch')) {
    return { method: 'POST', path: '', body: item.text };
  }
  if (resourceType === 'Bundle' && type === 'message') {
    return { method: 'POST', path: '/$process-message', body: item.text };
  }
  if (resourceType === 'Binary' && contentType === 'application/xml' && typeof data === 'string') {
    return {
      method: 'POST',
      letter: true,
      path: '/medcom',
      body: Buffer.from(data, 'base64').toString('utf8'),
    };
  }
  throw new CliError(`${item.where}: not a Bundle of type transaction, batch or message, nor a letter`);
}
