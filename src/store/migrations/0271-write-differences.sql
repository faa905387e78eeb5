-- write_resources, as in migration 0004, but of the index rows of a resource that changes only those that differ are
-- written: most of an update's rows are those of the version before, and each costs a row and two or three index entries
-- to take away and as much to put back.
--
-- The rows of a resource change only under the lock of its row in `resource`, so those found here are all there are.
-- What is to go is found by a hash of what is to stay (NOT IN, none of it NULL), what is to come by a look at the index
-- for each row: neither depends on statistics. Hence the settings, which also keep plans of a nearly empty table from
-- being kept.
DO $$
BEGIN
  EXECUTE (SELECT 'DROP FUNCTION ' || oid::regprocedure FROM pg_proc
    WHERE proname = 'write_resources' AND pronamespace = current_schema()::regnamespace);
END
$$;

CREATE FUNCTION write_resources(
  p_now timestamptz,
  p_previous boolean, -- whether to answer the content before
  p_apart boolean,
  p_op text[], p_key uuid[], p_type text[], p_id text[], p_head text[], p_tail text[],
  p_digest uuid[], p_index_digest uuid[], p_tables smallint[], p_if_match integer[],
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
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  v_outcome text[];
  v_seq bigint[];       -- of the resource, old or new
  v_change bigint[];    -- of the new version
  v_version integer[];  -- after the change
  v_now timestamptz[];
  v_old text[];         -- content before
  v_fill boolean[];     -- index rows are to be written
  v_fresh boolean[];    -- and there are none yet
  v_clear bigint[];     -- seq of resources that have index rows which may have to go
  v_tables smallint;    -- the tables that have such rows
  v_locked uuid[];
  v_row resource%ROWTYPE;
BEGIN
  IF cardinality(p_key) = 1 THEN
    -- The usual case of a lone writer, by scalars: half the time of the general one.
    IF p_apart THEN
      SELECT * INTO v_row FROM resource r WHERE r.key = p_key[1] FOR UPDATE SKIP LOCKED;
      IF v_row.key IS NULL AND EXISTS (SELECT FROM resource r WHERE r.key = p_key[1]) THEN
        RETURN QUERY SELECT 1, 'busy', 0, p_now, NULL;
        RETURN;
      END IF;
    ELSE
      SELECT * INTO v_row FROM resource r WHERE r.key = p_key[1] FOR UPDATE;
    END IF;
    outcome := CASE
      WHEN p_if_match[1] IS NOT NULL AND p_if_match[1] IS DISTINCT FROM v_row.version THEN 'stale'
      WHEN p_op[1] = 'C' AND v_row.key IS NOT NULL THEN 'exists'
      WHEN p_op[1] = 'D' AND (v_row.key IS NULL OR v_row.deleted) THEN 'unchanged'
      WHEN p_op[1] = 'D' THEN 'deleted'
      WHEN v_row.key IS NULL OR v_row.deleted THEN 'created'
      WHEN v_row.digest = p_digest[1] THEN 'unchanged'
      ELSE 'updated'
    END;
    ord := 1;
    version := coalesce(v_row.version, 0);
    last_updated := coalesce(v_row.last_updated, p_now);
    previous := CASE WHEN p_previous OR outcome = 'unchanged' THEN v_row.content END;
    IF outcome IN ('created', 'updated', 'deleted') THEN
      version := version + 1;
      last_updated := greatest(p_now, v_row.last_updated);
      v_change := ARRAY[nextval('change_seq')];
      v_seq := ARRAY[coalesce(v_row.seq, v_change[1])];
      v_fresh := ARRAY[outcome = 'created'];
      v_fill := ARRAY[outcome = 'created' OR (outcome = 'updated' AND v_row.index_digest <> p_index_digest[1])];
      IF outcome = 'deleted' OR (outcome = 'updated' AND v_fill[1]) THEN
        v_clear := v_seq;
        v_tables := v_row.tables;
      END IF;
    END IF;
    v_outcome := ARRAY[outcome];
    v_version := ARRAY[version];
    v_now := ARRAY[last_updated];
    RETURN NEXT;
  ELSE
    IF p_apart THEN
      v_locked := ARRAY(SELECT r.key FROM resource r WHERE r.key = ANY (p_key) ORDER BY r.key FOR UPDATE SKIP LOCKED);
    ELSE
      PERFORM 1 FROM resource r WHERE r.key = ANY (p_key) ORDER BY r.key FOR UPDATE;
    END IF;

    SELECT array_agg(j.outcome),
      array_agg(coalesce(j.old_seq, j.change)),
      array_agg(j.change),
      array_agg(coalesce(j.old_version, 0) + CASE WHEN j.outcome IN ('created', 'updated', 'deleted') THEN 1 ELSE 0 END),
      array_agg(CASE WHEN j.outcome = 'unchanged' THEN coalesce(j.old_updated, p_now) ELSE greatest(p_now, j.old_updated) END),
      array_agg(CASE WHEN p_previous OR j.outcome = 'unchanged' THEN j.old_content END),
      array_agg(j.outcome = 'created'),
      array_agg(j.outcome = 'created' OR (j.outcome = 'updated' AND j.old_index <> j.index_digest)),
      array_agg(j.old_seq) FILTER (WHERE j.outcome = 'deleted' OR (j.outcome = 'updated' AND j.old_index <> j.index_digest)),
      bit_or(j.tables) FILTER (WHERE j.outcome = 'deleted' OR (j.outcome = 'updated' AND j.old_index <> j.index_digest))
    INTO v_outcome, v_seq, v_change, v_version, v_now, v_old, v_fresh, v_fill, v_clear, v_tables
    FROM (
      SELECT i.ord, i.index_digest, nextval('change_seq') AS change, r.seq AS old_seq, r.version AS old_version,
        r.content AS old_content, r.index_digest AS old_index, r.last_updated AS old_updated, r.tables,
        CASE
          WHEN p_apart AND r.key IS NOT NULL AND r.key <> ALL (v_locked) THEN 'busy'
          WHEN i.if_match IS NOT NULL AND i.if_match IS DISTINCT FROM r.version THEN 'stale'
          WHEN i.op = 'C' AND r.key IS NOT NULL THEN 'exists'
          WHEN i.op = 'D' AND (r.key IS NULL OR r.deleted) THEN 'unchanged'
          WHEN i.op = 'D' THEN 'deleted'
          WHEN r.key IS NULL OR r.deleted THEN 'created'
          WHEN r.digest = i.digest THEN 'unchanged'
          ELSE 'updated'
        END AS outcome
      FROM unnest(p_op, p_key, p_digest, p_index_digest, p_if_match) WITH ORDINALITY
        AS i (op, key, digest, index_digest, if_match, ord)
      LEFT JOIN resource r ON r.key = i.key
      ORDER BY i.ord
    ) j;

    RETURN QUERY
    SELECT x.ord::integer, x.outcome, x.version, x.now, x.old
    FROM unnest(v_outcome, v_version, v_now, v_old) WITH ORDINALITY AS x (outcome, version, now, old, ord);
  END IF;

  IF NOT p_apart AND v_outcome && ARRAY['stale', 'exists'] OR NOT v_outcome && ARRAY['created', 'updated', 'deleted'] THEN
    RETURN;
  END IF;

  IF v_outcome && ARRAY['updated', 'deleted'] OR EXISTS (SELECT FROM unnest(v_version, v_outcome) AS x (version, outcome)
    WHERE x.version > 1 AND x.outcome = 'created') THEN
    INSERT INTO history (key, version, change, xid, last_updated, until, deleted, method, type, id, content)
    SELECT r.key, r.version, r.change, r.xid, r.last_updated, v_now[i.ord], r.deleted, r.method, r.type, r.id, r.content
    FROM unnest(p_key) WITH ORDINALITY AS i (key, ord)
    JOIN resource r ON r.key = i.key
    WHERE v_outcome[i.ord] IN ('created', 'updated', 'deleted');

    UPDATE resource r
    SET change = v_change[i.ord], xid = pg_current_xact_id(), last_updated = v_now[i.ord],
      version = v_version[i.ord], deleted = i.op = 'D', method = i.op::"char", digest = i.digest,
      index_digest = i.index_digest, tables = i.tables,
      content = CASE i.op WHEN 'D' THEN '' ELSE i.head || v_version[i.ord] || '","lastUpdated":"'
        || to_char(v_now[i.ord] AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || i.tail END
    FROM unnest(p_op, p_key, p_head, p_tail, p_digest, p_index_digest, p_tables) WITH ORDINALITY
      AS i (op, key, head, tail, digest, index_digest, tables, ord)
    WHERE r.key = i.key AND v_outcome[i.ord] IN ('created', 'updated', 'deleted');
  END IF;

  IF 1 = ANY (v_version) AND 'created' = ANY (v_outcome) THEN
    INSERT INTO resource (key, seq, change, last_updated, version, method, type, id, digest, index_digest, tables,
      content)
    SELECT i.key, v_change[i.ord], v_change[i.ord], v_now[i.ord], 1, i.op::"char", i.type, i.id, i.digest,
      i.index_digest, i.tables, i.head || '1","lastUpdated":"'
        || to_char(v_now[i.ord] AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || i.tail
    FROM unnest(p_op, p_key, p_type, p_id, p_head, p_tail, p_digest, p_index_digest, p_tables) WITH ORDINALITY
      AS i (op, key, type, id, head, tail, digest, index_digest, tables, ord)
    WHERE v_version[i.ord] = 1 AND v_outcome[i.ord] = 'created';
  END IF;

  IF v_clear IS NOT NULL THEN
    IF v_tables & 1 <> 0 THEN
      DELETE FROM token_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.value, x.system, x.prime) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.value, n.system, n.prime
        FROM unnest(t_of, t_parameter, t_system, t_value, t_prime)
          AS n (ord, parameter, system, value, prime)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 2 <> 0 THEN
      DELETE FROM string_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.folded, x.exact) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.folded, n.exact
        FROM unnest(s_of, s_parameter, s_folded, s_exact)
          AS n (ord, parameter, folded, exact)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 4 <> 0 THEN
      DELETE FROM reference_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.target) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.target
        FROM unnest(r_of, r_parameter, r_target)
          AS n (ord, parameter, target)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 8 <> 0 THEN
      DELETE FROM date_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.low, x.high) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.low, n.high
        FROM unnest(d_of, d_parameter, d_low, d_high)
          AS n (ord, parameter, low, high)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 16 <> 0 THEN
      DELETE FROM quantity_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.low, x.high, x.system, x.code, x.unit,
coalesce(x.canonical_unit, ''), coalesce(x.canonical_low, 'NaN'),
coalesce(x.canonical_high, 'NaN')) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.low, n.high, n.system, n.code, n.unit,
coalesce(n.canonical_unit, ''), coalesce(n.canonical_low, 'NaN'),
coalesce(n.canonical_high, 'NaN')
        FROM unnest(q_of, q_parameter, q_low, q_high, q_system, q_code, q_unit, q_canonical_unit, q_canonical_low,
          q_canonical_high)
          AS n (ord, parameter, low, high, system, code, unit, canonical_unit, canonical_low,
          canonical_high)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 32 <> 0 THEN
      DELETE FROM uri_index x
      WHERE x.seq = ANY (v_clear) AND (x.seq, x.parameter, x.uri) NOT IN (
        SELECT v_seq[n.ord], n.parameter, n.uri
        FROM unnest(u_of, u_parameter, u_uri)
          AS n (ord, parameter, uri)
        WHERE v_fill[n.ord] AND NOT v_fresh[n.ord]);
    END IF;
    IF v_tables & 64 <> 0 THEN DELETE FROM composite_index x WHERE x.seq = ANY (v_clear); END IF;
    IF v_tables & 128 <> 0 THEN DELETE FROM text_index x WHERE x.seq = ANY (v_clear); END IF;
  END IF;

  IF true = ANY (v_fill) THEN
    IF cardinality(t_of) > 0 THEN
      INSERT INTO token_index (parameter, value, seq, system, prime, key)
      SELECT x.parameter, x.value, v_seq[x.ord], x.system, x.prime, p_key[x.ord]
      FROM unnest(t_of, t_parameter, t_system, t_value, t_prime) AS x (ord, parameter, system, value, prime)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM token_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.value = x.value AND o.system = x.system
            AND o.prime = x.prime));
    END IF;
    IF cardinality(s_of) > 0 THEN
      INSERT INTO string_index (parameter, folded, seq, exact, key)
      SELECT x.parameter, x.folded, v_seq[x.ord], x.exact, p_key[x.ord]
      FROM unnest(s_of, s_parameter, s_folded, s_exact) AS x (ord, parameter, folded, exact)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM string_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.folded = x.folded AND o.exact = x.exact));
    END IF;
    IF cardinality(r_of) > 0 THEN
      INSERT INTO reference_index (parameter, target, seq, key)
      SELECT x.parameter, x.target, v_seq[x.ord], p_key[x.ord]
      FROM unnest(r_of, r_parameter, r_target) AS x (ord, parameter, target)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM reference_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.target = x.target));
    END IF;
    IF cardinality(d_of) > 0 THEN
      INSERT INTO date_index (parameter, low, high, seq, key)
      SELECT x.parameter, x.low, x.high, v_seq[x.ord], p_key[x.ord]
      FROM unnest(d_of, d_parameter, d_low, d_high) AS x (ord, parameter, low, high)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM date_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.low = x.low AND o.high = x.high));
    END IF;
    IF cardinality(q_of) > 0 THEN
      INSERT INTO quantity_index (parameter, low, high, seq, system, code, unit, canonical_unit, canonical_low,
        canonical_high, key)
      SELECT x.parameter, x.low, x.high, v_seq[x.ord], x.system, x.code, x.unit, x.canonical_unit, x.canonical_low,
        x.canonical_high, p_key[x.ord]
      FROM unnest(q_of, q_parameter, q_low, q_high, q_system, q_code, q_unit, q_canonical_unit, q_canonical_low,
        q_canonical_high) AS x (ord, parameter, low, high, system, code, unit, canonical_unit, canonical_low,
        canonical_high)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM quantity_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.low = x.low AND o.high = x.high
            AND o.system = x.system AND o.code = x.code AND o.unit = x.unit
            AND coalesce(o.canonical_unit, '') = coalesce(x.canonical_unit, '') AND coalesce(o.canonical_low, 'NaN') = coalesce(x.canonical_low, 'NaN') AND coalesce(o.canonical_high, 'NaN') = coalesce(x.canonical_high, 'NaN')));
    END IF;
    IF cardinality(u_of) > 0 THEN
      INSERT INTO uri_index (parameter, uri, seq, key)
      SELECT x.parameter, x.uri, v_seq[x.ord], p_key[x.ord]
      FROM unnest(u_of, u_parameter, u_uri) AS x (ord, parameter, uri)
      WHERE v_fill[x.ord] AND (v_fresh[x.ord] OR NOT EXISTS (
        SELECT FROM uri_index o
        WHERE o.seq = v_seq[x.ord] AND o.parameter = x.parameter AND o.uri = x.uri));
    END IF;
    IF jsonb_array_length(c_rows) > 0 THEN
      INSERT INTO composite_index (parameter, value, system, seq, value2, system2, folded, exact, target, low, high,
        unit_system, code, unit, canonical_unit, canonical_low, canonical_high, key)
      SELECT x.parameter, coalesce(x.value, ''), coalesce(x.system, 0), v_seq[x.ord], x.value2, x.system2, x.folded,
        x.exact, x.target, x.low, x.high, x.unit_system, x.code, x.unit, x.canonical_unit, x.canonical_low,
        x.canonical_high, p_key[x.ord]
      FROM jsonb_to_recordset(c_rows) AS x (ord integer, parameter integer, value text, system bigint, value2 text,
        system2 bigint, folded text, exact text, target uuid, low float8, high float8, unit_system bigint, code text,
        unit text, canonical_unit text, canonical_low float8, canonical_high float8)
      WHERE v_fill[x.ord];
    END IF;
    IF cardinality(w_of) > 0 THEN
      INSERT INTO text_index (parameter, seq, words, key)
      SELECT x.parameter, v_seq[x.ord], to_tsvector('simple', x.words), p_key[x.ord]
      FROM unnest(w_of, w_parameter, w_words) AS x (ord, parameter, words)
      WHERE v_fill[x.ord];
    END IF;
  END IF;
END
$$;
