-- What messages about some citizens need to be decided on, with less to look up and to answer than migration 0103 has
-- it: what the caller has and still holds comes as one row of names instead of a row each; identifiers of citizens are
-- not looked for among those of stays, nor the other way round; what was told of stays comes only to who asks for it.
DROP FUNCTION load_cases;

-- p_locks      numbers of the locks to take beside those of the citizens and stays found (`citizen/<id>`, `stay/<id>`)
-- p_together   the one among them that is held shared
-- p_who_…      identifiers that the citizens are found by: value and number of the system
-- p_citizen_…  further identifiers of citizens that the messages bring
-- p_stay_…     identifiers of stays that the messages bring
-- p_known      versions of resources that the caller has, by `Type/id`: where one still holds, the row of kind `same`
--              names it, `Type/id seq` a line; the others come whole
-- p_events     whether what was told of the citizens' stays is wanted
-- p_parameters ids of index parameters, in the order of src/store/intake/load-cases.ts
--
-- All locks are taken in one order, and everything is read after that: each statement has a snapshot of its own
-- (READ COMMITTED). Where another transaction brought a stay meanwhile, its lock is taken too. Every look-up is a
-- handful of index entries, whatever the statistics say: hence the settings.
CREATE FUNCTION load_cases(
  p_locks bigint[], p_together bigint,
  p_identities text[], p_transmissions text[],
  p_who_value text[], p_who_system bigint[], p_citizen_value text[], p_citizen_system bigint[],
  p_stay_value text[], p_stay_system bigint[],
  p_known jsonb,
  p_events boolean,
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
  v_patients uuid[];
  v_patient_seqs bigint[];
  v_patient_ids text[];
  v_stays uuid[];
  v_stay_seqs bigint[];
  v_stay_ids text[];
  v_keys uuid[];
  v_same text;
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
    -- In the order of the array, as its function scan gives it.
    PERFORM CASE WHEN w.n = p_together THEN pg_advisory_xact_lock_shared(w.n) ELSE pg_advisory_xact_lock(w.n) END
    FROM unnest(v_wanted) AS w (n);
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

  IF p_events THEN
    RETURN QUERY
    SELECT 'event', e.patient, e.source, e.stay, NULL::integer, NULL::boolean, e.event
    FROM unnest(v_patient_ids) AS p (id) JOIN medcom_stay_event e ON e.patient = p.id;
  END IF;

  -- By what else the citizens and their stays are called, too: logical references name them so.
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
    SELECT t.key
    FROM (
      SELECT n.value, n.system FROM unnest(v_patient_seqs) AS p (seq)
      JOIN token_index n ON n.seq = p.seq AND n.parameter = p_parameters[1]
      UNION SELECT * FROM unnest(p_who_value, p_who_system)
      UNION SELECT * FROM unnest(p_citizen_value, p_citizen_system)
    ) AS c (value, system)
    JOIN token_index t ON t.parameter = ANY (p_parameters[10:12]) AND t.value = c.value AND t.system = c.system
    UNION
    SELECT t.key
    FROM (
      SELECT n.value, n.system FROM unnest(v_stay_seqs) AS s (seq)
      JOIN token_index n ON n.seq = s.seq AND n.parameter = p_parameters[3]
      UNION SELECT * FROM unnest(p_stay_value, p_stay_system)
    ) AS c (value, system)
    JOIN token_index t ON t.parameter = ANY (p_parameters[13:15]) AND t.value = c.value AND t.system = c.system
  ) k;

  SELECT string_agg(f.name || ' ' || f.seq, E'\n') FILTER (WHERE f.same), array_agg(f.key) FILTER (WHERE NOT f.same)
  INTO v_same, v_keys
  FROM (
    SELECT r.key, r.seq, n.name, coalesce(r.version = (p_known ->> n.name)::integer, false) AS same
    FROM unnest(v_keys) AS k (key) JOIN resource r ON r.key = k.key
    CROSS JOIN LATERAL (SELECT r.type || '/' || r.id AS name) AS n
  ) f;
  RETURN QUERY SELECT 'same', NULL::text, NULL::text, NULL::text, NULL::integer, NULL::boolean, v_same;
  RETURN QUERY
  SELECT 'resource', r.type, r.id, r.seq::text, r.version, r.deleted, r.content
  FROM unnest(v_keys) AS k (key) JOIN resource r ON r.key = k.key;

  RETURN QUERY SELECT * FROM changed_since(p_snapshot);
END
$$;
