import type { Sql } from './sql.ts';

/** The secret that page links are signed with: made once a database, so that all its servers accept each other's links. */
export async function cursorSecret(sql: Sql, make: () => string): Promise<string> {
  await sql.query(
    "INSERT INTO setting (name, value) VALUES ('cursor_secret', $1) ON CONFLICT (name) DO NOTHING",
    [make()],
  );
  const [row] = await sql.query<{ value: string }>("SELECT value FROM setting WHERE name = 'cursor_secret'");
  return row?.value as string;
}
