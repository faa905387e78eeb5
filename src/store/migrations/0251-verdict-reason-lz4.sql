-- Reasons are longer than what PostgreSQL stores as it is: lz4 packs them for a fraction of the time, where the server
-- was built with it (PGlite was not).
DO $$
BEGIN
  ALTER TABLE verdict_reason ALTER COLUMN verdicts SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
