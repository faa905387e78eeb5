import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resource, SearchParameter } from '@medplum/fhirtypes';
import { resourceSource } from '../definitions/resource-source.ts';
import type { DefinitionSource } from '../definitions.ts';
import { readTgz } from './tar.ts';

/** What a FHIR package says of itself in package.json. */
interface PackageInfo {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

export interface LoadedPackages {
  readonly packages: readonly PackageInfo[];
  /** `name#version (needed by a, b)` of each package that another one depends on and that is not here. */
  readonly missing: readonly string[];
  /** Files that could not be read as a package or a resource, and why. */
  readonly faults: readonly string[];
  readonly resources: readonly Resource[];
  readonly searchParameters: readonly SearchParameter[];
  /** The packages' definitions before R4's own. */
  readonly definitions: DefinitionSource;
}

/** What every package depends on and this server has built in. */
const BUILT_IN: ReadonlySet<string> = new Set(['hl7.fhir.r4.core', 'hl7.fhir.core']);

/**
 * Loads all FHIR packages of the folders: `.tgz` files as registries hand them out, and unpacked ones (a folder with
 * package.json, or with package/package.json). Examples within packages are left out. A damaged file is told in
 * `faults`; the others are loaded.
 * @throws Error when a folder itself cannot be read
 */
export async function loadPackages(...folders: readonly string[]): Promise<LoadedPackages> {
  const packages: PackageInfo[] = [];
  const resources: Resource[] = [];
  const faults: string[] = [];
  for (const folder of folders) {
    await loadFolder(folder, { packages, resources, faults });
  }
  return {
    packages,
    missing: missingOf(packages),
    faults,
    resources,
    searchParameters: resources.filter((resource) => resource.resourceType === 'SearchParameter'),
    definitions: resourceSource(resources),
  };
}

interface Found {
  readonly packages: PackageInfo[];
  readonly resources: Resource[];
  readonly faults: string[];
}

async function loadFolder(folder: string, found: Found): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    try {
      const files = entry.isDirectory()
        ? await unpacked(path)
        : entry.name.endsWith('.tgz')
          ? packed(await readFile(path))
          : [];
      collect(entry.name, files, found);
    } catch (error) {
      found.faults.push(`${entry.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

interface JsonFile {
  readonly name: string;
  readonly text: string;
}

/** The JSON files directly in the archive's package folder; deeper ones are examples and rendering aids. */
function packed(archive: Buffer): JsonFile[] {
  return [...readTgz(archive)]
    .filter(({ name }) => /^(\.\/)?package\/[^/]+\.json$/.test(name))
    .map(({ name, content }) => ({
      name: name.slice(name.lastIndexOf('/') + 1),
      text: content.toString('utf8'),
    }));
}

async function unpacked(folder: string): Promise<JsonFile[]> {
  const names = await readdir(folder);
  if (!names.includes('package.json')) {
    return names.includes('package') ? unpacked(join(folder, 'package')) : [];
  }
  const json = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(json.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

function collect(origin: string, files: readonly JsonFile[], found: Found): void {
  for (const { name, text } of files) {
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      found.faults.push(`${origin}: ${name} is not JSON`);
      continue;
    }
    if (name === 'package.json') {
      found.packages.push(infoOf(content));
    } else if (isResource(content)) {
      found.resources.push(content);
    }
  }
}

function isResource(content: unknown): content is Resource {
  return (
    typeof content === 'object' &&
    content !== null &&
    'resourceType' in content &&
    typeof content.resourceType === 'string'
  );
}

function infoOf(content: unknown): PackageInfo {
  const { name, version, dependencies } = (content ?? {}) as Partial<PackageInfo>;
  return { name: name ?? '', version: version ?? '', dependencies: dependencies ?? {} };
}

function missingOf(packages: readonly PackageInfo[]): string[] {
  const present = new Set(packages.map(({ name }) => name));
  const needed = new Map<string, string[]>();
  for (const { name, dependencies } of packages) {
    for (const [dependency, version] of Object.entries(dependencies)) {
      if (!present.has(dependency) && !BUILT_IN.has(dependency)) {
        const key = `${dependency}#${version}`;
        needed.set(key, [...(needed.get(key) ?? []), name]);
      }
    }
  }
  return [...needed].map(([key, by]) => `${key} (needed by ${by.join(', ')})`).sort();
}
