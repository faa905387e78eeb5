import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions } from '../../../src/fhir/definitions/resource-source.ts';
import { loadPackages } from '../../../src/fhir/packages/load-packages.ts';
import { readTgz } from '../../../src/fhir/packages/tar.ts';
import { writeTgz } from '../../../src/fhir/packages/write-tgz.ts';
import { createValidator, validateResource } from '../../../src/fhir/validation/validate.ts';
import { readJson, TESTDATA, testdataFiles } from '../testdata.ts';

const folder = mkdtempSync(join(tmpdir(), 'overgang-packages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: unknown) => ({ name, content: Buffer.from(JSON.stringify(content)) });
const OWN = join(import.meta.dirname, '..', '..', '..', 'profiles');
const SOURCES = join(OWN, 'fsh', 'input', 'fsh');
const fsh = readdirSync(SOURCES)
  .map((name) => readFileSync(join(SOURCES, name), 'utf8'))
  .join('\n');

describe('archives', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 5 }), (contents) => {
        const files = contents.map((content, index) => ({
          name: `package/${index}.json`,
          content: Buffer.from(content),
        }));
        expect([...readTgz(writeTgz(files))]).toEqual(files);
      }),
      { numRuns: 30 },
    );
  });

  it('that are no gzip, or cut off, are refused', () => {
    expect(() => [...readTgz(Buffer.from('hello'))]).toThrow();
    const whole = writeTgz([{ name: 'package/a.json', content: Buffer.alloc(5000, 1) }]);
    expect(() => [...readTgz(whole.subarray(0, whole.length - 20))]).toThrow();
  });
});

describe('a folder of packages', () => {
  const valueSet = (version: string) => ({
    resourceType: 'ValueSet',
    id: `v-${version}`,
    url: 'http://example.org/ValueSet/a',
    version,
    status: 'active',
  });
  writeFileSync(
    join(folder, 'first.tgz'),
    writeTgz([
      file('package/package.json', {
        name: 'first',
        version: '1.0.0',
        dependencies: { 'hl7.fhir.r4.core': '4.0.1', second: '1', third: '2.0.0' },
      }),
      file('package/ValueSet-a.json', valueSet('1.9.0')),
      file('package/example/ValueSet-b.json', {
        resourceType: 'ValueSet',
        id: 'b',
        url: 'http://example.org/ValueSet/b',
      }),
    ]),
  );
  mkdirSync(join(folder, 'second'));
  writeFileSync(join(folder, 'second', 'package.json'), JSON.stringify({ name: 'second', version: '1' }));
  writeFileSync(join(folder, 'second', 'ValueSet-a.json'), JSON.stringify(valueSet('1.10.0')));
  writeFileSync(join(folder, 'second', 'broken.json'), '{');
  writeFileSync(join(folder, 'damaged.tgz'), 'no archive');
  writeFileSync(join(folder, 'readme.txt'), 'no package');

  it('is loaded, archives and unpacked ones; what is missing or damaged is named', async () => {
    const loaded = await loadPackages(folder);
    expect(loaded.packages.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(loaded.missing).toEqual(['third#2.0.0 (needed by first)']);
    expect(loaded.faults).toHaveLength(2);
    expect(loaded.faults.join()).toMatch(/damaged\.tgz.*second: broken\.json is not JSON/);
  });

  it('serves the latest version, and an older one by its number; examples are left out', async () => {
    const { definitions } = await loadPackages(folder);
    expect(definitions.valueSet('http://example.org/ValueSet/a')?.version).toBe('1.10.0');
    expect(definitions.valueSet('http://example.org/ValueSet/a|1.9.0')?.version).toBe('1.9.0');
    expect(definitions.valueSet('http://example.org/ValueSet/a|7')?.version).toBe('1.10.0');
    expect(definitions.valueSet('http://example.org/ValueSet/b')).toBeUndefined();
    expect(definitions.valueSet('http://hl7.org/fhir/ValueSet/task-status')?.name).toBe('TaskStatus');
  });

  it('that is not there is an error', async () => {
    await expect(loadPackages(join(folder, 'none'))).rejects.toThrow();
  });
});

it('versions are compared by their parts, releases after their drafts', () => {
  const sorted = ['0.9', '1.0.0-ballot', '1.0.0', '1.0.1', '1.2', '1.10', '2'];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
});

describe('our own package', () => {
  it('holds all that is authored in FSH, and every resource of it is valid R4', async () => {
    const own = await loadPackages(OWN);
    expect(own.faults).toEqual([]);
    expect(own.missing).toEqual([]);
    const packed = (type: string) => own.resources.filter((one) => one.resourceType === type).length;
    const authored = (line: RegExp) => fsh.match(line)?.length ?? 0;
    expect({
      StructureDefinition: packed('StructureDefinition'),
      CodeSystem: packed('CodeSystem'),
      ValueSet: packed('ValueSet'),
      SearchParameter: packed('SearchParameter'),
    }).toEqual({
      StructureDefinition: authored(/^(Profile|Extension):/gm),
      CodeSystem: authored(/^CodeSystem:/gm),
      ValueSet: authored(/^ValueSet:/gm),
      SearchParameter: authored(/^InstanceOf: SearchParameter/gm),
    });
    for (const resource of own.resources) {
      expect([
        resource.id,
        validateResource(resource).filter(({ severity }) => severity === 'error'),
      ]).toEqual([resource.id, []]);
    }
  });

  it('displays every code in Danish and English', async () => {
    const { resources } = await loadPackages(OWN);
    for (const system of resources) {
      if (system.resourceType === 'CodeSystem') {
        for (const concept of system.concept ?? []) {
          expect([
            concept.display,
            concept.designation?.[0]?.language,
            concept.designation?.[0]?.value,
          ]).toEqual([expect.stringMatching(/./), 'en', expect.stringMatching(/./)]);
        }
      }
    }
  });

  it('covers the agreements and measures that are delivered with it', async () => {
    const { definitions } = await loadPackages(OWN);
    const validate = createValidator(definitions);
    for (const name of [
      'agreement-DK',
      'agreement-DK-81',
      'agreement-DK-82',
      'agreement-DK-83',
      'agreement-DK-84',
      'agreement-DK-85',
    ]) {
      const path = join(OWN, 'agreements', `${name}.json`);
      if (existsSync(path)) {
        const agreement = JSON.parse(readFileSync(path, 'utf8')) as unknown;
        const asked = { profiles: ['https://overgang.dk/fhir/StructureDefinition/agreement'] };
        expect([name, validate(agreement, asked)]).toEqual([name, []]);
      }
    }
  });
});

/**
 * What remains, and why it is the example's own fault: the care communication examples were made for core 3.0.1 and
 * older, the package at hand is core 4.0.0, which requires PractitionerRole.organization (home care's as well); some
 * of them are still of guide 2, without MessageHeader.definition and Communication.identifier, with Provenance of
 * the messaging guide; one forwards a message in a message, with two foci and a completed Communication.
 */
const EXPLAINED =
  /resource\.organization is missing|resource\.definition is missing|resource\.identifier is missing|medcom-careCommunication-3|resource\.focus occurs 2 times|resource\.status must have "unknown"/;

describe('published MedCom messages against their own profiles', () => {
  const packages = join(TESTDATA, 'packages');
  const run = existsSync(packages) ? it : it.skip;

  run.each([
    ['hospitalnotification', false],
    ['acknowledgement', false],
    ['carecommunication', true],
    ['homecareobservation', true],
  ] as const)('%s', async (guide, explained) => {
    const { definitions, missing } = await loadPackages(packages);
    expect(missing.join()).toContain('hl7.fhir.dk.core');
    const validate = createValidator(definitions);
    for (const path of testdataFiles(join('medcom-fhir', guide), '.json')) {
      const errors = validate(readJson(path)).filter(({ severity }) => severity === 'error');
      expect(errors.filter(({ diagnostics = '' }) => !(explained && EXPLAINED.test(diagnostics)))).toEqual(
        [],
      );
    }
  });

  run('a message whose destination is no longer primary is refused', async () => {
    const { definitions } = await loadPackages(packages);
    const [path] = testdataFiles(join('medcom-fhir', 'hospitalnotification'), '.json');
    const text = readFileSync(path ?? '', 'utf8').replace(/"code"\s*:\s*"primary"/, '"code": "secondary"');
    const issues = createValidator(definitions)(JSON.parse(text));
    expect(issues.map(({ expression }) => expression?.[0])).toContain('Bundle.entry[0].resource.destination');
  });
});
