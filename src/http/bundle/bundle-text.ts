import type { BundleEntry, BundleLink } from '@medplum/fhirtypes';

/** What stands around the resource in an entry. */
export interface EntryParts {
  readonly fullUrl?: string;
  /** JSON text of the resource, passed through unparsed. */
  readonly content?: string;
  readonly search?: BundleEntry['search'];
  readonly request?: BundleEntry['request'];
  readonly response?: BundleEntry['response'];
}

export interface BundleParts {
  readonly type: 'searchset' | 'history' | 'batch-response' | 'transaction-response';
  readonly total?: number;
  readonly links?: readonly BundleLink[];
  readonly entries: readonly EntryParts[];
}

/**
 * Writes a Bundle as JSON text around resources that are JSON text already: a page of stored resources costs
 * a concatenation, no parsing.
 */
export function bundleText(parts: BundleParts): string {
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: parts.type,
    ...(parts.total === undefined ? {} : { total: parts.total }),
    ...(parts.links === undefined || parts.links.length === 0 ? {} : { link: parts.links }),
  });
  if (parts.entries.length === 0) return head;
  return `${head.slice(0, -1)},"entry":[${parts.entries.map(entryText).join(',')}]}`;
}

function entryText(entry: EntryParts): string {
  const members: string[] = [];
  if (entry.fullUrl !== undefined) members.push(`"fullUrl":${JSON.stringify(entry.fullUrl)}`);
  if (entry.content !== undefined) members.push(`"resource":${entry.content}`);
  if (entry.search !== undefined) members.push(`"search":${JSON.stringify(entry.search)}`);
  if (entry.request !== undefined) members.push(`"request":${JSON.stringify(entry.request)}`);
  if (entry.response !== undefined) members.push(`"response":${JSON.stringify(entry.response)}`);
  return `{${members.join(',')}}`;
}
