import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openPglite } from '../../src/store/database/pglite.ts';
import { migrate } from '../../src/store/migrate.ts';

const MIGRATIONS = new URL('../../src/store/migrations/', import.meta.url);

/** Changes whenever a migration does. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    hash.update(name).update(await readFile(new URL(name, MIGRATIONS)));
  }
  const { version } = JSON.parse(
    await readFile(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return hash.update(version).digest('hex').slice(0, 16);
}

async function make(): Promise<Buffer> {
  const lite = await PGlite.create();
  const database = await openPglite({ folder: 'memory', instance: lite });
  await migrate(database);
  const image = await lite.dumpDataDir('none');
  await database.close();
  await lite.close();
  return Buffer.from(await image.arrayBuffer());
}

/** A data folder with all migrations applied; made once for each set of migrations and kept among temporary files. */
export async function pgliteImage(): Promise<Buffer> {
  const file = join(tmpdir(), `overgang-pglite-${await fingerprint()}.tar`);
  try {
    return await readFile(file);
  } catch {
    const image = await make();
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, image);
    await rename(draft, file);
    return image;
  }
}
