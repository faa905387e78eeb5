import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The name-space for names that are URLs (RFC 9562 §6.6). */
export const URL_NAMESPACE = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** Whether the text is a UUID in its canonical form of 36 characters; the case of the digits is free. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * The name-based UUID, version 5 (RFC 9562 §5.5): the same name in the same name-space always gives the same id.
 * @param namespace a UUID
 * @throws TypeError when the name-space is not a UUID
 */
export function uuidV5(namespace: string, name: string): string {
  const hex = hash('sha1', Buffer.concat([namespaceBytes(namespace), Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** Name-spaces are a handful of constants. */
const namespaces = new Map<string, Buffer>();

function namespaceBytes(namespace: string): Buffer {
  let bytes = namespaces.get(namespace);
  if (bytes === undefined) {
    if (!isUuid(namespace)) {
      throw new TypeError(`The name-space of a version 5 UUID must be a UUID, but is "${namespace}"`);
    }
    bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
    if (namespaces.size < 100) {
      namespaces.set(namespace, bytes);
    }
  }
  return bytes;
}
