import { gunzipSync } from 'node:zlib';

export interface TarFile {
  readonly name: string;
  readonly content: Buffer;
}

const BLOCK = 512;
/** Unpacked; the largest package of HL7 (R4 core) has some 90 MB. */
const LARGEST = 512 * 1024 * 1024;

/**
 * The plain files of a gzipped tar archive (POSIX ustar, with the long names of GNU tar and pax), as npm packages
 * and FHIR packages are.
 * @throws Error when it is not gzip, is cut off, or unpacks to more than 512 MB
 */
export function* readTgz(archive: Buffer): Generator<TarFile> {
  const tar = gunzipSync(archive, { maxOutputLength: LARGEST });
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) {
      return;
    }
    const size = sizeOf(header);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) {
      throw new Error('The archive is cut off');
    }
    const kind = String.fromCharCode(header[156] ?? 0);
    if (kind === 'L') {
      longName = text(content);
    } else if (kind === 'x') {
      longName = paxPath(content) ?? longName;
    } else {
      if (kind === '0' || kind === '\0') {
        yield { name: longName ?? shortName(header), content };
      }
      longName = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** Up to the first zero byte. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function sizeOf(header: Buffer): number {
  const size = Number.parseInt(text(header.subarray(124, 136)).trim(), 8);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new Error('The archive has a damaged header');
  }
  return size;
}

function shortName(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** A pax record is `length key=value\n`. */
function paxPath(content: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString('utf8'))?.[1];
}
