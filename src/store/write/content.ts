import type { Resource } from '@medplum/fhirtypes';
import { digestOf } from '../keys.ts';

/**
 * The JSON text of a resource, cut where the database puts version and time:
 * `head` + version + `","lastUpdated":"` + instant + `tail`.
 */
export interface Content {
  readonly head: string;
  readonly tail: string;
  /** Of all but version and time: equal digests are the same resource. */
  readonly digest: string;
}

const BETWEEN = '","lastUpdated":"';

/** Serialises a resource with an id; its `meta.versionId` and `meta.lastUpdated` do not count. */
export function contentOf(resource: Resource & { readonly id: string }): Content {
  const { resourceType, id, meta, ...rest } = resource as Resource & { id: string; meta?: object };
  const { versionId: _version, lastUpdated: _time, ...marks } = (meta ?? {}) as Record<string, unknown>;
  const head = `{"resourceType":${JSON.stringify(resourceType)},"id":${JSON.stringify(id)},"meta":{"versionId":"`;
  const markText = JSON.stringify(marks);
  const restText = JSON.stringify(rest);
  const tail = `"${markText === '{}' ? '' : `,${markText.slice(1, -1)}`}}${restText === '{}' ? '' : `,${restText.slice(1, -1)}`}}`;
  return { head, tail, digest: digestOf(tail) };
}

/** The whole text, as the database assembles it. */
export function assemble({ head, tail }: Content, version: number, lastUpdated: string): string {
  return head + version + BETWEEN + lastUpdated + tail;
}

/** The resource as stored: `meta` first among what the server sets. */
export function stamped<R extends Resource>(resource: R, version: number, lastUpdated: string): R {
  const { versionId: _version, lastUpdated: _time, ...marks } = resource.meta ?? {};
  return { ...resource, meta: { versionId: String(version), lastUpdated, ...marks } };
}
