import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Published messages and cases that stand beside the project, not in it (test data's own README says whence). */
export const TESTDATA = join(import.meta.dirname, '..', '..', '..', 'shared', 'testdata');

/** Paths of all files below a folder with this ending, packages left out; [] when the folder is not there. */
export function testdataFiles(folder: string, ending: string): string[] {
  const root = join(TESTDATA, folder);
  if (!existsSync(root)) {
    process.stderr.write(`skipped: no test data at ${root}\n`);
    return [];
  }
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(ending) && !entry.parentPath.includes('/packages'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
