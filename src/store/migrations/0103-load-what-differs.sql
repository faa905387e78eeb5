-- Which shared resources changed is asked at every load of messages: by the transaction that wrote them, so that only
-- those are looked at which the snapshot of before may not have seen. (Migration 0102 looked at all of the last ten
-- minutes, which are many while a region's organisations are loaded.)
CREATE INDEX resource_shared ON resource (xid) WHERE type IN ('Organization', 'PlanDefinition');

DROP FUNCTION load_cases;
DROP FUNCTION changed_since;

-- Organisations and plan definitions as they are, where the snapshot (null: nothing) did not see that: for who keeps
-- them in memory. What this transaction wrote itself is left out: it may yet be rolled back. The last row (kind `mark`)
-- is the snapshot that this answer saw.
CREATE FUNCTION changed_since(p_snapshot pg_snapshot)
RETURNS TABLE (kind text, a text, b text, c text, version integer, deleted boolean, content text)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
  v_own xid8 := pg_current_xact_id_if_assigned();
  v_from xid8 := pg_snapshot_xmin(p_snapshot);
BEGIN
  IF p_snapshot IS NULL THEN
    RETURN QUERY
    SELECT 'shared', r.type, r.id, r.seq::text, r.version, r.deleted, r.content
    FROM resource r
    WHERE r.type IN ('Organization', 'PlanDefinition') AND NOT r.deleted AND r.xid IS DISTINCT FROM v_own;
  ELSE
    RETURN QUERY
    SELECT 'shared', r.type, r.id, r.seq::text, r.version, r.deleted, r.content
    FROM resource r
    WHERE r.type IN ('Organization', 'PlanDefinition') AND r.xid >= v_from
      AND NOT pg_visible_in_snapshot(r.xid, p_snapshot) AND r.xid IS DISTINCT FROM v_own;
  END IF;
  RETURN QUERY SELECT 'mark', pg_current_snapshot()::text, NULL::text, NULL::text, NULL::integer, NULL::boolean, NULL::text;
END
$$;

-- What messages about some citizens need to be decided on, as migration 0102 has it, but for the shared resources, and
-- for the versions that the caller has, which were looked up one by one in arrays.
--
-- p_locks      numbers of the locks to take beside those of the citizens and stays found (`citizen/<id>`, `stay/<id>`)
-- p_together   the one among them that is held shared
-- p_who_…      identifiers that the citizens are found by: value and number of the system
-- p_token_…    further identifiers of citizens and stays that the messages bring
-- p_known      versions of resources that the caller has, by `Type/id`: their content is not answered where it still holds
-- p_parameters ids of index parameters, in the order of src/store/intake/load-cases.ts
--
-- All locks are taken in one order, and everything is read after that: each statement has a snapshot of its own
-- (READ COMMITTED). Where another transaction brought a stay meanwhile, its lock is taken too. Every look-up is a
-- handful of index entries, whatever the statistics say: hence the settings.
CREATE FUNCTION load_cases(
  p_locks bigint[], p_together bigint,
  p_identities text[], p_transmissions text[],
  p_who_value text[], p_who_system bigint[], p_token_value text[], p_token_system bigint[],
  p_known jsonb,
  p_parameters integer[],
  p_snapshot pg_snapshot
) RETURNS TABLE (kind text, a text, b text, c text, version integer, deleted boolean, content text)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  v_held uuid[]; -- citizens and stays whose locks are held; null: none are yet, nor those asked for
  v_wanted bigint[];
  v_lock bigint;
  v_patients uuid[];
  v_patient_seqs bigint[];
  v_patient_ids text[];
  v_stays uuid[];
  v_stay_seqs bigint[];
  v_stay_ids text[];
  v_values text[];
  v_systems bigint[];
  v_keys uuid[];
BEGIN
  LOOP
    SELECT array_agg(r.key), array_agg(r.seq), array_agg(r.id) INTO v_patients, v_patient_seqs, v_patient_ids
    FROM (
      SELECT DISTINCT t.key FROM unnest(p_who_value, p_who_system) AS w (value, system)
      JOIN token_index t ON t.parameter = p_parameters[1] AND t.value = w.value AND t.system = w.system
    ) f JOIN resource r ON r.key = f.key;

    SELECT array_agg(r.key), array_agg(r.seq), array_agg(r.id) INTO v_stays, v_stay_seqs, v_stay_ids
    FROM (
      SELECT DISTINCT x.key FROM unnest(v_patients) AS p (key)
      JOIN reference_index x ON x.parameter = p_parameters[2] AND x.target = p.key
    ) f JOIN resource r ON r.key = f.key;

    SELECT array_agg(DISTINCT n ORDER BY n) INTO v_wanted
    FROM (
      SELECT unnest(p_locks) WHERE v_held IS NULL
      UNION ALL
      SELECT lock_number('citizen/' || p.id) FROM unnest(v_patients, v_patient_ids) AS p (key, id)
      WHERE v_held IS NULL OR p.key <> ALL (v_held)
      UNION ALL
      SELECT lock_number('stay/' || s.id) FROM unnest(v_stays, v_stay_ids) AS s (key, id)
      WHERE v_held IS NULL OR s.key <> ALL (v_held)
    ) AS w (n);
    EXIT WHEN v_wanted IS NULL;
    FOREACH v_lock IN ARRAY v_wanted LOOP
      IF v_lock = p_together THEN
        PERFORM pg_advisory_xact_lock_shared(v_lock);
      ELSE
        PERFORM pg_advisory_xact_lock(v_lock);
      END IF;
    END LOOP;
    v_held := coalesce(v_held, '{}') || v_patients || v_stays;
  END LOOP;

  RETURN QUERY
  SELECT 'receipt', m.identity, m.transmission, m.outcome, NULL::integer, NULL::boolean, m.acknowledgement
  FROM unnest(p_identities) AS i (identity)
  JOIN medcom_receipt m ON m.identity = i.identity AND m.outcome <> 'duplicate'
  UNION
  SELECT 'receipt', m.identity, m.transmission, m.outcome, NULL::integer, NULL::boolean, m.acknowledgement
  FROM unnest(p_transmissions) AS i (transmission)
  JOIN medcom_receipt m ON m.transmission = i.transmission AND m.outcome <> 'duplicate';

  RETURN QUERY
  SELECT 'event', e.patient, e.source, e.stay, NULL::integer, NULL::boolean, e.event
  FROM unnest(v_patient_ids) AS p (id) JOIN medcom_stay_event e ON e.patient = p.id;

  -- By what else the citizens and their stays are called: logical references name them so.
  SELECT array_agg(k.value), array_agg(k.system) INTO v_values, v_systems
  FROM (
    SELECT t.value, t.system FROM unnest(v_patient_seqs) AS p (seq)
    JOIN token_index t ON t.seq = p.seq AND t.parameter = p_parameters[1]
    UNION
    SELECT t.value, t.system FROM unnest(v_stay_seqs) AS s (seq)
    JOIN token_index t ON t.seq = s.seq AND t.parameter = p_parameters[3]
    UNION SELECT * FROM unnest(p_who_value, p_who_system)
    UNION SELECT * FROM unnest(p_token_value, p_token_system)
  ) AS k (value, system);

  SELECT array_agg(k.key) INTO v_keys
  FROM (
    SELECT unnest(v_patients) AS key
    UNION SELECT unnest(v_stays)
    UNION
    SELECT x.key FROM unnest(v_patients) AS p (key)
    JOIN reference_index x ON x.target = p.key AND x.parameter = ANY (p_parameters[4:6])
    UNION
    SELECT x.key FROM unnest(v_stays) AS s (key)
    JOIN reference_index x ON x.target = s.key AND x.parameter = ANY (p_parameters[7:9])
    UNION
    SELECT t.key FROM unnest(v_values, v_systems) AS k (value, system)
    JOIN token_index t ON t.parameter = ANY (p_parameters[10:15]) AND t.value = k.value AND t.system = k.system
  ) k;

  RETURN QUERY
  SELECT 'resource', r.type, r.id, r.seq::text, r.version, r.deleted,
    CASE WHEN r.version = (p_known ->> (r.type || '/' || r.id))::integer THEN NULL ELSE r.content END
  FROM unnest(v_keys) AS k (key) JOIN resource r ON r.key = k.key
  ORDER BY r.seq DESC;

  RETURN QUERY SELECT * FROM changed_since(p_snapshot);
END
$$;

-- Answers are kept to be given again, seldom read: cheaper to pack, where the server was built with it.
DO $$
BEGIN
  ALTER TABLE medcom_receipt ALTER COLUMN acknowledgement SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
