-- Writes any number of changes, of distinct resources, in one round trip. Two statements: the first takes the row
-- locks, the second, with a snapshot taken after them (READ COMMITTED), sees what the lock holders before it committed.
-- Index rows of concurrent writers of the same resource can therefore not be missed.
--
-- If any change cannot be made (outcome `stale` or `exists`) none is; the caller learns which.
-- op: C create (must be new), U update, D delete. Version and time stand between head and tail of the content; time
-- never runs backwards within a resource, whatever the clocks of several servers say.
CREATE FUNCTION write_resources(
  p_now timestamptz,
  p_previous boolean, -- whether to answer the content before
  p_op text[], p_key uuid[], p_type text[], p_id text[], p_head text[], p_tail text[],
  p_digest uuid[], p_index_digest uuid[], p_if_match integer[],
  t_of integer[], t_parameter integer[], t_system bigint[], t_value text[], t_prime boolean[],
  s_of integer[], s_parameter integer[], s_folded text[], s_exact text[],
  r_of integer[], r_parameter integer[], r_target uuid[],
  d_of integer[], d_parameter integer[], d_low bigint[], d_high bigint[],
  q_of integer[], q_parameter integer[], q_low float8[], q_high float8[], q_system bigint[], q_code text[],
  q_unit text[], q_canonical_unit text[], q_canonical_low float8[], q_canonical_high float8[],
  u_of integer[], u_parameter integer[], u_uri text[],
  c_rows jsonb,
  w_of integer[], w_parameter integer[], w_words text[]
) RETURNS TABLE (ord integer, outcome text, version integer, last_updated timestamptz, previous text)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
  IF cardinality(p_key) > 20 THEN
    -- With the true array lengths the planner hashes; with its guess it would loop rows × rows.
    PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
  END IF;

  PERFORM 1 FROM resource WHERE key = ANY (p_key) ORDER BY key FOR UPDATE;

  RETURN QUERY
  WITH input AS (
    SELECT i.*
    FROM unnest(p_op, p_key, p_type, p_id, p_head, p_tail, p_digest, p_index_digest, p_if_match)
      WITH ORDINALITY AS i (op, key, type, id, head, tail, digest, index_digest, if_match, ord)
  ),
  judged AS (
    SELECT i.*, r.seq AS old_seq, r.version AS old_version, r.content AS old_content,
      r.index_digest AS old_index, r.last_updated AS old_updated,
      CASE
        WHEN i.if_match IS NOT NULL AND i.if_match IS DISTINCT FROM r.version THEN 'stale'
        WHEN i.op = 'C' AND r.key IS NOT NULL THEN 'exists'
        WHEN i.op = 'D' AND (r.key IS NULL OR r.deleted) THEN 'unchanged'
        WHEN i.op = 'D' THEN 'deleted'
        WHEN r.key IS NULL OR r.deleted THEN 'created'
        WHEN r.digest = i.digest THEN 'unchanged'
        ELSE 'updated'
      END AS outcome
    FROM input i LEFT JOIN resource r ON r.key = i.key
  ),
  verdict AS (SELECT NOT EXISTS (SELECT FROM judged j WHERE j.outcome IN ('stale', 'exists')) AS go),
  state AS MATERIALIZED (
    SELECT j.*, nextval('change_seq') AS change, greatest(p_now, j.old_updated) AS now,
      coalesce(j.old_version, 0) + 1 AS new_version,
      to_char(greatest(p_now, j.old_updated) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS stamp,
      -- Index rows stay when the values are the same; a resource that was gone has none.
      j.outcome = 'deleted' OR (j.outcome = 'updated' AND j.old_index <> j.index_digest) AS clear,
      j.outcome = 'created' OR (j.outcome = 'updated' AND j.old_index <> j.index_digest) AS fill
    FROM judged j, verdict v
    WHERE v.go AND j.outcome <> 'unchanged'
  ),
  placed AS MATERIALIZED (
    SELECT s.ord::integer AS ord, s.key, coalesce(s.old_seq, s.change) AS seq, s.clear, s.fill FROM state s
  ),
  archived AS (
    INSERT INTO history (key, version, change, xid, last_updated, until, deleted, method, type, id, content)
    SELECT r.key, r.version, r.change, r.xid, r.last_updated, s.now, r.deleted, r.method, r.type, r.id, r.content
    FROM state s JOIN resource r ON r.key = s.key
    WHERE s.old_version IS NOT NULL
  ),
  fresh AS (
    INSERT INTO resource (key, seq, change, last_updated, version, method, type, id, digest, index_digest, content)
    SELECT s.key, s.change, s.change, s.now, 1, CASE s.op WHEN 'C' THEN 'C' ELSE 'U' END::"char", s.type, s.id,
      s.digest, s.index_digest, s.head || '1","lastUpdated":"' || s.stamp || s.tail
    FROM state s
    WHERE s.old_version IS NULL
  ),
  replaced AS (
    UPDATE resource r
    SET change = s.change, xid = pg_current_xact_id(), last_updated = s.now, version = s.new_version,
      deleted = s.op = 'D', method = s.op::"char", digest = s.digest, index_digest = s.index_digest,
      content = CASE s.op WHEN 'D' THEN '' ELSE s.head || s.new_version || '","lastUpdated":"' || s.stamp || s.tail END
    FROM state s
    WHERE r.key = s.key AND s.old_version IS NOT NULL
  ),
  no_tokens AS (DELETE FROM token_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_strings AS (DELETE FROM string_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_references AS (DELETE FROM reference_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_dates AS (DELETE FROM date_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_quantities AS (DELETE FROM quantity_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_uris AS (DELETE FROM uri_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_composites AS (DELETE FROM composite_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  no_texts AS (DELETE FROM text_index x USING placed p WHERE p.clear AND x.seq = p.seq),
  tokens AS (
    INSERT INTO token_index (parameter, value, seq, system, prime, key)
    SELECT x.parameter, x.value, p.seq, x.system, x.prime, p.key
    FROM unnest(t_of, t_parameter, t_system, t_value, t_prime) AS x (ord, parameter, system, value, prime)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  strings AS (
    INSERT INTO string_index (parameter, folded, seq, exact, key)
    SELECT x.parameter, x.folded, p.seq, x.exact, p.key
    FROM unnest(s_of, s_parameter, s_folded, s_exact) AS x (ord, parameter, folded, exact)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  refs AS (
    INSERT INTO reference_index (parameter, target, seq, key)
    SELECT x.parameter, x.target, p.seq, p.key
    FROM unnest(r_of, r_parameter, r_target) AS x (ord, parameter, target)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  dates AS (
    INSERT INTO date_index (parameter, low, high, seq, key)
    SELECT x.parameter, x.low, x.high, p.seq, p.key
    FROM unnest(d_of, d_parameter, d_low, d_high) AS x (ord, parameter, low, high)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  quantities AS (
    INSERT INTO quantity_index (parameter, low, high, seq, system, code, unit, canonical_unit, canonical_low,
      canonical_high, key)
    SELECT x.parameter, x.low, x.high, p.seq, x.system, x.code, x.unit, x.canonical_unit, x.canonical_low,
      x.canonical_high, p.key
    FROM unnest(q_of, q_parameter, q_low, q_high, q_system, q_code, q_unit, q_canonical_unit, q_canonical_low,
      q_canonical_high) AS x (ord, parameter, low, high, system, code, unit, canonical_unit, canonical_low,
      canonical_high)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  uris AS (
    INSERT INTO uri_index (parameter, uri, seq, key)
    SELECT x.parameter, x.uri, p.seq, p.key
    FROM unnest(u_of, u_parameter, u_uri) AS x (ord, parameter, uri)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  composites AS (
    INSERT INTO composite_index (parameter, value, system, seq, value2, system2, folded, exact, target, low, high,
      unit_system, code, unit, canonical_unit, canonical_low, canonical_high, key)
    SELECT x.parameter, coalesce(x.value, ''), coalesce(x.system, 0), p.seq, x.value2, x.system2, x.folded, x.exact,
      x.target, x.low, x.high, x.unit_system, x.code, x.unit, x.canonical_unit, x.canonical_low, x.canonical_high, p.key
    FROM jsonb_to_recordset(c_rows) AS x (ord integer, parameter integer, value text, system bigint, value2 text,
      system2 bigint, folded text, exact text, target uuid, low float8, high float8, unit_system bigint, code text,
      unit text, canonical_unit text, canonical_low float8, canonical_high float8)
    JOIN placed p ON p.ord = x.ord AND p.fill
  ),
  texts AS (
    INSERT INTO text_index (parameter, seq, words, key)
    SELECT x.parameter, p.seq, to_tsvector('simple', x.words), p.key
    FROM unnest(w_of, w_parameter, w_words) AS x (ord, parameter, words)
    JOIN placed p ON p.ord = x.ord AND p.fill
  )
  SELECT j.ord::integer, j.outcome, coalesce(s.new_version, j.old_version, 0), coalesce(s.now, j.old_updated, p_now),
    CASE WHEN p_previous OR j.outcome = 'unchanged' THEN j.old_content END
  FROM judged j LEFT JOIN state s ON s.ord = j.ord
  ORDER BY j.ord;

  IF cardinality(p_key) > 20 THEN
    PERFORM set_config('plan_cache_mode', 'auto', true);
  END IF;
END
$$;
