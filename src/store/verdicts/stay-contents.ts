import { parameterId } from '../../fhir/search/parameters.ts';
import { keyOf } from '../keys.ts';
import { knownSql } from '../sql.ts';
import type { Reader } from '../store.ts';
import { arrayText } from './array-text.ts';

const id = parameterId;

/**
 * Stays, whom they are about and what they name; the exchanges and plans of the stays and the episodes of the
 * citizens, whether they refer to them by id or by identifier. All in one statement, so of one moment.
 */
const CONTENTS = `
  WITH stay AS MATERIALIZED (
    SELECT key, seq FROM resource WHERE key = ANY ($1::uuid[]) AND NOT deleted
  ), named AS MATERIALIZED (
    SELECT DISTINCT r.target AS key, r.parameter = ${id('Encounter', 'subject')} AS subject
    FROM stay JOIN reference_index r ON r.seq = stay.seq
    AND r.parameter IN (${id('Encounter', 'subject')}, ${id('Encounter', 'episode-of-care')}, ${id('Encounter', 'service-provider')})
  ), citizen AS MATERIALIZED (
    SELECT r.key, r.seq FROM named JOIN resource r USING (key) WHERE subject AND NOT r.deleted
  ), found AS (
    SELECT key FROM stay UNION SELECT key FROM named
    UNION SELECT r.key FROM stay JOIN reference_index r ON r.target = stay.key
      AND r.parameter IN (${id('Communication', 'encounter')}, ${id('CarePlan', 'encounter')})
    UNION SELECT r.key FROM citizen JOIN reference_index r ON r.target = citizen.key
      AND r.parameter = ${id('EpisodeOfCare', 'patient')}
    UNION SELECT t.key FROM stay
      JOIN token_index own ON own.seq = stay.seq AND own.parameter = ${id('Encounter', 'identifier')}
      JOIN token_index t ON t.value = own.value AND t.system = own.system
        AND t.parameter IN (${id('Communication', 'encounter', 'identifier')}, ${id('CarePlan', 'encounter', 'identifier')})
    UNION SELECT t.key FROM citizen
      JOIN token_index own ON own.seq = citizen.seq AND own.parameter = ${id('Patient', 'identifier')}
      JOIN token_index t ON t.value = own.value AND t.system = own.system
        AND t.parameter = ${id('EpisodeOfCare', 'patient', 'identifier')}
  )
  SELECT string_agg(r.content, ',') AS contents FROM found JOIN resource r USING (key) WHERE NOT r.deleted`;

/**
 * What verdicts on these stays rest on, but for organisations and agreements, as the text of one JSON array: so it is
 * carried and parsed as a whole. Some hundred stays at a time. A subject named by identifier alone is not followed.
 * @returns undefined when the reader does not reach the database
 */
export async function stayContents(reader: Reader, stayIds: readonly string[]): Promise<string | undefined> {
  const sql = knownSql(reader);
  if (sql === undefined) return undefined;
  const keys = arrayText(stayIds.map((stay) => keyOf(`Encounter/${stay}`)));
  const [row] = await sql.query<{ contents: string | null }>(CONTENTS, [keys], 'verdict_stay_contents');
  return `[${row?.contents ?? ''}]`;
}
