import type { TypedValue } from '../path.ts';
import type { Token } from './read-token.ts';

export interface ReferenceValues {
  /** Normalised: `Type/id` without a version; absolute URLs as they are; a canonical with and without its version. */
  readonly targets: readonly string[];
  /** Of logical references, for `:identifier`. */
  readonly identifiers: readonly Token[];
}

const NOTHING: ReferenceValues = { targets: [], identifiers: [] };

/** Versions are not part of what a reference search compares (R4 search.html#versions). */
export function normaliseReference(reference: string): string {
  return reference.replace(/\/_history\/[^/]+$/, '');
}

function canonical(value: string): ReferenceValues {
  const [url = ''] = value.split('|');
  const bare = url.split('#')[0] as string;
  return { targets: [...new Set([value, url, bare])].filter((each) => each !== ''), identifiers: [] };
}

/** Reads Reference, canonical, uri and whole resources in a Bundle. References to contained resources are not indexed. */
export function readReference({ type, value }: TypedValue): ReferenceValues {
  if (typeof value === 'string') {
    return type === 'canonical' || type === 'uri' ? canonical(value) : NOTHING;
  }
  if (typeof value !== 'object' || value === null) {
    return NOTHING;
  }
  if (type === 'Resource') {
    const { resourceType, id } = value as { readonly resourceType?: string; readonly id?: string };
    return id === undefined ? NOTHING : { targets: [`${resourceType}/${id}`], identifiers: [] };
  }
  if (type === 'Attachment') {
    const { url } = value as { readonly url?: string };
    return url === undefined ? NOTHING : { targets: [url], identifiers: [] };
  }
  const { reference, identifier } = value as {
    readonly reference?: string;
    readonly identifier?: { readonly system?: string; readonly value?: string };
  };
  return {
    targets:
      typeof reference === 'string' && !reference.startsWith('#') ? [normaliseReference(reference)] : [],
    identifiers:
      identifier?.value === undefined ? [] : [{ system: identifier.system ?? '', value: identifier.value }],
  };
}
