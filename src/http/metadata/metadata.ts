import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { packageRoot } from '../start/install.ts';
import { capabilityStatement } from './capability-statement.ts';
import { terminologyCapabilities } from './terminology-capabilities.ts';

/** The product's version, from its package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** Addresses under which the texts are kept; more come only from made-up Host headers. */
const MOST_ADDRESSES = 20;

/** JSON text of the capabilities per mode and address, made once for what is served at the time. */
export function metadataTexts(
  embedded: boolean,
  served: () => ParameterRegistry,
): (mode: 'full' | 'terminology', baseUrl: string) => string {
  const version = packageVersion();
  const started = new Date().toISOString();
  const texts = new Map<string, string>();
  let of = served();
  return (mode, baseUrl) => {
    const registry = served();
    if (registry !== of) texts.clear();
    of = registry;
    const key = `${mode} ${baseUrl}`;
    let text = texts.get(key);
    if (text === undefined) {
      const facts = { baseUrl, version, started, embedded, registry };
      text = JSON.stringify(mode === 'full' ? capabilityStatement(facts) : terminologyCapabilities(facts));
      if (texts.size >= MOST_ADDRESSES) texts.clear();
      texts.set(key, text);
    }
    return text;
  };
}
