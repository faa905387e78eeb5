import { badRequest } from '../../fhir/outcome.ts';
import type { Include } from '../../fhir/search/query.ts';
import { keyOf } from '../keys.ts';
import { toVersion, type VersionRow } from '../read.ts';
import type { Sql } from '../sql.ts';
import type { ResourceVersion } from '../store.ts';

const COLUMNS = 'r.type, r.id, r.version, r.last_updated, r.deleted, r.content';

/** How many resources may be included beside one page's matches. */
const LIMIT = 10_000;
/** How many times `:iterate` is followed. */
const DEPTH = 10;

/** Two arrays of the pages' keys come in; the types that an include starts at are named in its condition. */
function statement({ reverse, source, parameters, target }: Include): string {
  const of = parameters === undefined ? '' : ` AND x.parameter IN (${parameters.join(', ')})`;
  const wanted = reverse ? source : target;
  const type = wanted === undefined ? '' : ` AND r.type = '${wanted}'`;
  return reverse
    ? `SELECT DISTINCT ON (r.key) ${COLUMNS} FROM reference_index x JOIN resource r ON r.key = x.key
       WHERE x.target = ANY ($1::uuid[])${of}${type} AND NOT r.deleted LIMIT $2`
    : `SELECT DISTINCT ON (r.key) ${COLUMNS} FROM resource o JOIN reference_index x ON x.seq = o.seq
       JOIN resource r ON r.key = x.target
       WHERE o.key = ANY ($1::uuid[])${of}${type} AND NOT r.deleted LIMIT $2`;
}

function startsAt({ reverse, source, target, parameters }: Include, { type }: ResourceVersion): boolean {
  if (parameters?.length === 0) return false;
  return reverse ? target === undefined || target === type : source === type || source === '*';
}

/**
 * What `_include` and `_revinclude` add to a page: each resource once, no match again. Includes without `:iterate`
 * look at the matches only; those with it also at what came in.
 * @throws FhirError 400 when more than 10,000 resources would be included
 */
export async function includeFor(
  sql: Sql,
  matches: readonly ResourceVersion[],
  includes: readonly Include[],
): Promise<readonly ResourceVersion[]> {
  const nameOf = ({ type, id }: ResourceVersion) => `${type}/${id}`;
  const seen = new Set(matches.map(nameOf));
  const included: ResourceVersion[] = [];
  let front: readonly ResourceVersion[] = matches;
  let round = includes;
  for (let depth = 0; front.length > 0 && round.length > 0 && depth < DEPTH; depth++) {
    const next: ResourceVersion[] = [];
    for (const include of round) {
      const keys = front
        .filter((version) => startsAt(include, version))
        .map((version) => keyOf(nameOf(version)));
      const rows =
        keys.length === 0 ? [] : await sql.query<VersionRow>(statement(include), [keys, LIMIT + 1]);
      for (const row of rows) {
        if (!seen.has(`${row.type}/${row.id}`)) {
          seen.add(`${row.type}/${row.id}`);
          next.push(toVersion(row));
        }
      }
    }
    included.push(...next);
    if (included.length > LIMIT) {
      throw badRequest(
        `More than ${LIMIT} resources would be included: ask for smaller pages (_count) or fewer includes`,
        'http._include',
        'too-costly',
      );
    }
    front = next;
    round = includes.filter(({ iterate }) => iterate);
  }
  return included;
}
