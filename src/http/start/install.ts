import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Resource } from '@medplum/fhirtypes';
import type { Store } from '../../store/store.ts';

/** Our own conformance resources, each folder with one JSON resource a file. */
const FOLDERS = ['profiles/agreements', 'profiles/measures', 'profiles/inclusion', 'profiles/package'];

type Installed = Resource & { id: string; version?: string };

/**
 * Puts the resources of `profiles/` into the store where they are missing or older (by their business
 * `version`). What an operator deleted stays deleted; what has the same version keeps the operator's changes.
 * Starting again changes nothing.
 * @returns how many were written.
 */
export async function installProfiles(store: Store, root = packageRoot()): Promise<number> {
  const resources = FOLDERS.flatMap((folder) => readFolder(join(root, folder)));
  if (resources.length === 0) return 0;
  return store.transaction(async (transaction) => {
    await transaction.lock(['install-profiles']);
    const newer: Installed[] = [];
    for (const resource of resources) {
      const stored = await transaction.read(resource.resourceType, resource.id);
      if (stored?.deleted) continue;
      const { version } = (stored === undefined ? {} : JSON.parse(stored.content)) as { version?: string };
      if (stored === undefined || isOlder(version, resource.version)) newer.push(resource);
    }
    if (newer.length === 0) return 0;
    const written = await transaction.write(newer.map((resource) => ({ op: 'update', resource })));
    return written.filter(({ outcome }) => outcome !== 'unchanged').length;
  });
}

/** Whether `stored` comes before `ours`: dot-separated parts compared as numbers where both are. */
function isOlder(stored: string | undefined, ours: string | undefined): boolean {
  const left = (stored ?? '').split('.');
  const right = (ours ?? '').split('.');
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const order = (left[part] ?? '').localeCompare(right[part] ?? '', 'en', { numeric: true });
    if (order !== 0) return order < 0;
  }
  return false;
}

/** The folder of the package this file belongs to, in a checkout and when installed from npm. */
export function packageRoot(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder))
      throw new Error('Overgang is not inside its package: package.json is missing.');
  }
}

function readFolder(folder: string): Installed[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && name !== 'package.json' && !name.startsWith('.'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Installed)
    .filter((resource) => typeof resource.resourceType === 'string' && typeof resource.id === 'string');
}
