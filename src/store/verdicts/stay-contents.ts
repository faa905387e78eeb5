import { parameterId } from '../../fhir/search/parameters.ts';
import { keyOf } from '../keys.ts';
import { knownSql } from '../sql.ts';
import type { Reader } from '../store.ts';
import { arrayText } from './array-text.ts';

const id = parameterId;

/**
 * Stays, whom they are about and the courses they name; the exchanges and plans of the stays and the episodes of the
 * citizens, whether they refer to them by id or by identifier. A row for each stay, the stay first. All in one
 * statement, so of one moment.
 */
const CONTENTS = `
  WITH stay AS MATERIALIZED (
    SELECT key, seq, content FROM resource WHERE key = ANY ($1::uuid[]) AND NOT deleted
  ), named AS MATERIALIZED (
    SELECT DISTINCT stay.key AS stay, r.target AS key, r.parameter = ${id('Encounter', 'subject')} AS subject
    FROM stay JOIN reference_index r ON r.seq = stay.seq
    AND r.parameter IN (${id('Encounter', 'subject')}, ${id('Encounter', 'episode-of-care')})
  ), citizen AS MATERIALIZED (
    SELECT named.stay, r.key, r.seq FROM named JOIN resource r USING (key) WHERE subject AND NOT r.deleted
  ), found AS (
    SELECT stay, key FROM named
    UNION SELECT stay.key, r.key FROM stay JOIN reference_index r ON r.target = stay.key
      AND r.parameter IN (${id('Communication', 'encounter')}, ${id('CarePlan', 'encounter')})
    UNION SELECT stay, r.key FROM citizen JOIN reference_index r ON r.target = citizen.key
      AND r.parameter = ${id('EpisodeOfCare', 'patient')}
    UNION SELECT stay.key, t.key FROM stay
      JOIN token_index own ON own.seq = stay.seq AND own.parameter = ${id('Encounter', 'identifier')}
      JOIN token_index t ON t.value = own.value AND t.system = own.system
        AND t.parameter IN (${id('Communication', 'encounter', 'identifier')}, ${id('CarePlan', 'encounter', 'identifier')})
    UNION SELECT stay, t.key FROM citizen
      JOIN token_index own ON own.seq = citizen.seq AND own.parameter = ${id('Patient', 'identifier')}
      JOIN token_index t ON t.value = own.value AND t.system = own.system
        AND t.parameter = ${id('EpisodeOfCare', 'patient', 'identifier')}
  ), beside AS (
    SELECT found.stay, string_agg(r.content, ',') AS contents
    FROM found JOIN resource r USING (key) WHERE NOT r.deleted GROUP BY found.stay
  )
  SELECT stay.key, concat('[', concat_ws(',', stay.content, beside.contents), ']') AS contents
  FROM stay LEFT JOIN beside ON beside.stay = stay.key`;

/**
 * What the verdicts on each of these stays rest on, but for organisations and agreements, as the text of a JSON array
 * that begins with the stay: so it is carried and parsed as a whole. In the order asked; stays that are not there are
 * left out. Some hundred stays at a time. A subject named by identifier alone is not followed.
 * @returns undefined when the reader does not reach the database
 */
export async function stayContents(
  reader: Reader,
  stayIds: readonly string[],
): Promise<readonly string[] | undefined> {
  const sql = knownSql(reader);
  if (sql === undefined) return undefined;
  const keys = stayIds.map((stay) => keyOf(`Encounter/${stay}`));
  const rows = await sql.query<{ key: string; contents: string }>(
    CONTENTS,
    [arrayText(keys)],
    'verdict_stay_contents',
  );
  const byKey = new Map(rows.map(({ key, contents }) => [key, contents]));
  return keys.map((key) => byKey.get(key)).filter((contents) => contents !== undefined);
}
