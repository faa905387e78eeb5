import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { indexConcepts } from './concepts.ts';

const MOST = 24;

/** "one of a, b, c (value set URL)": the codes where they are few enough to read, for texts that say how to mend. */
export function describeValueSet(source: DefinitionSource, url: string): string {
  const codes = listed(source, url);
  const name = `the value set ${withoutVersion(url)}`;
  return codes.length > 0 && codes.length <= MOST
    ? `one of ${codes.join(', ')} (${name})`
    : `a code of ${name}`;
}

function listed(source: DefinitionSource, url: string): string[] {
  const codes: string[] = [];
  for (const include of source.valueSet(url)?.compose?.include ?? []) {
    if (include.valueSet !== undefined || include.filter !== undefined || include.system === undefined) {
      return [];
    }
    const system = include.concept === undefined ? source.codeSystem(include.system) : undefined;
    if (include.concept === undefined && system?.content !== 'complete') {
      return [];
    }
    const found = system === undefined ? (include.concept ?? []) : indexConcepts(system).concepts.values();
    for (const { code } of found) {
      codes.push(code ?? '');
    }
  }
  return codes;
}
