-- ANALYZE takes a sample of 300 rows for each value that a list may keep, the longest list of a table deciding, and sorts
-- every column of it: 64 values tell a frequent one from a rare one as well as 100 do (as in migration 0273), in two
-- thirds of the time. What is found by unique keys, or only read, has none.
ALTER TABLE resource ALTER COLUMN type SET STATISTICS 64, ALTER COLUMN seq SET STATISTICS 64,
  ALTER COLUMN last_updated SET STATISTICS 64, ALTER COLUMN deleted SET STATISTICS 64;
ALTER TABLE history ALTER COLUMN key SET STATISTICS 64, ALTER COLUMN last_updated SET STATISTICS 64,
  ALTER COLUMN type SET STATISTICS 64, ALTER COLUMN until SET STATISTICS 64;
ALTER TABLE string_index ALTER COLUMN parameter SET STATISTICS 64, ALTER COLUMN folded SET STATISTICS 64,
  ALTER COLUMN seq SET STATISTICS 64;
ALTER INDEX string_by_value ALTER COLUMN 2 SET STATISTICS 64;
ALTER TABLE date_index ALTER COLUMN parameter SET STATISTICS 64, ALTER COLUMN level SET STATISTICS 64,
  ALTER COLUMN low SET STATISTICS 64, ALTER COLUMN high SET STATISTICS 64, ALTER COLUMN seq SET STATISTICS 64;
ALTER TABLE uri_index ALTER COLUMN parameter SET STATISTICS 64, ALTER COLUMN uri SET STATISTICS 64,
  ALTER COLUMN seq SET STATISTICS 64;
ALTER INDEX uri_by_value ALTER COLUMN 2 SET STATISTICS 64;

-- Receipts are found by identity or transmission, nearly unique, by a handful of statements.
ALTER TABLE medcom_receipt ALTER COLUMN id SET STATISTICS 0, ALTER COLUMN kind SET STATISTICS 0,
  ALTER COLUMN activity SET STATISTICS 0, ALTER COLUMN sender SET STATISTICS 0, ALTER COLUMN receiver SET STATISTICS 0,
  ALTER COLUMN told SET STATISTICS 0, ALTER COLUMN content_hash SET STATISTICS 0,
  ALTER COLUMN identity SET STATISTICS 10, ALTER COLUMN transmission SET STATISTICS 10,
  ALTER COLUMN received SET STATISTICS 10, ALTER COLUMN outcome SET STATISTICS 10;

-- As migration 0273 has it for resources: without lz4 an answer of two or three kB costs more to compress than to write.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = 'medcom_receipt'::regclass AND attname = 'acknowledgement' AND attcompression <> 'l') THEN
    ALTER TABLE medcom_receipt SET (toast_tuple_target = 8160);
  END IF;
END
$$;
