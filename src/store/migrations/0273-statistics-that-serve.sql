-- ANALYZE sorts a sample of each column. Nobody estimates by these: keys and numbers meet their like by unique indexes,
-- digests and marks are never asked for, the further values of a composite only beside its first.
ALTER TABLE resource ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN change SET STATISTICS 0,
  ALTER COLUMN xid SET STATISTICS 0, ALTER COLUMN version SET STATISTICS 0, ALTER COLUMN method SET STATISTICS 0,
  ALTER COLUMN id SET STATISTICS 0, ALTER COLUMN digest SET STATISTICS 0, ALTER COLUMN index_digest SET STATISTICS 0,
  ALTER COLUMN tables SET STATISTICS 0;
ALTER TABLE history ALTER COLUMN change SET STATISTICS 0, ALTER COLUMN xid SET STATISTICS 0,
  ALTER COLUMN version SET STATISTICS 0, ALTER COLUMN deleted SET STATISTICS 0, ALTER COLUMN method SET STATISTICS 0,
  ALTER COLUMN id SET STATISTICS 0;
ALTER TABLE token_index ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE string_index ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN exact SET STATISTICS 0;
ALTER TABLE reference_index ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE date_index ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE quantity_index ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE uri_index ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE text_index ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN words SET STATISTICS 0;
ALTER TABLE composite_index ALTER COLUMN key SET STATISTICS 0, ALTER COLUMN system SET STATISTICS 0,
  ALTER COLUMN value2 SET STATISTICS 0, ALTER COLUMN system2 SET STATISTICS 0, ALTER COLUMN folded SET STATISTICS 0,
  ALTER COLUMN exact SET STATISTICS 0, ALTER COLUMN target SET STATISTICS 0, ALTER COLUMN low SET STATISTICS 0,
  ALTER COLUMN high SET STATISTICS 0, ALTER COLUMN unit_system SET STATISTICS 0, ALTER COLUMN code SET STATISTICS 0,
  ALTER COLUMN unit SET STATISTICS 0, ALTER COLUMN canonical_unit SET STATISTICS 0,
  ALTER COLUMN canonical_low SET STATISTICS 0, ALTER COLUMN canonical_high SET STATISTICS 0;

-- The sample is 300 rows for each value that a list may keep: the pairs keep 64 (migration 0001), and so do their columns.
ALTER TABLE token_index ALTER COLUMN parameter SET STATISTICS 64, ALTER COLUMN value SET STATISTICS 64,
  ALTER COLUMN seq SET STATISTICS 64, ALTER COLUMN system SET STATISTICS 64, ALTER COLUMN prime SET STATISTICS 64;
ALTER TABLE reference_index ALTER COLUMN parameter SET STATISTICS 64, ALTER COLUMN target SET STATISTICS 64,
  ALTER COLUMN seq SET STATISTICS 64;

-- Where the server was not built with lz4, what is longer than 2 kB costs more to compress than to write: it stays as it
-- is up to 8 kB.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = 'resource'::regclass AND attname = 'content' AND attcompression <> 'l') THEN
    ALTER TABLE resource SET (toast_tuple_target = 8160);
    ALTER TABLE history SET (toast_tuple_target = 8160);
  END IF;
END
$$;
