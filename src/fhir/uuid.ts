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
  if (!isUuid(namespace)) {
    throw new TypeError(`The name-space of a version 5 UUID must be a UUID, but is "${namespace}"`);
  }
  const named = Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name, 'utf8')]);
  const bytes = hash('sha1', named, 'buffer').subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
