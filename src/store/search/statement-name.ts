/** As many as a connection keeps prepared, each with a plan in memory; texts differ by parameters, never by values. */
const PREPARED = 200;
const names = new Map<string, string>();

/**
 * The name under which a statement is prepared: the same for the same text, none beyond the bound. For statements
 * whose plan does not depend on their values, since planning costs more than running them.
 */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= PREPARED) {
    return known;
  }
  const name = `search_${names.size}`;
  names.set(text, name);
  return name;
}
