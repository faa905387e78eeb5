import { readFileSync } from 'node:fs';

/** The version in the package.json above this file, in a checkout and when built. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
