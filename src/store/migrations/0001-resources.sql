-- Resources, their superseded versions, and the values by which they are found.
--
-- key     the resource's identity: the first 16 bytes of SHA-256 over `Type/id`. Whoever knows `Type/id` knows the
--         key, so a reference row can name its target without looking it up, and unique(key) is unique(type, id).
--         It is in every primary key and every row: the distribution column of a sharded database.
-- seq     order of creation; never changes. Index rows carry it, so index scans come in the default order
--         (newest first) and meet each other by it.
-- change  order of versions over the whole store.
-- xid     the transaction that wrote the version: tells whether a page's snapshot saw it.

CREATE SEQUENCE change_seq AS bigint CACHE 1;

CREATE TABLE resource (
  key uuid PRIMARY KEY,
  seq bigint NOT NULL,
  change bigint NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  last_updated timestamptz(3) NOT NULL,
  version integer NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  method "char" NOT NULL, -- C create, U update, D delete
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest uuid NOT NULL,       -- of the content without version and time
  index_digest uuid NOT NULL, -- of the index rows
  tables smallint NOT NULL,   -- bits: which index tables have rows of it
  content text NOT NULL       -- exactly as answered; '' when deleted
);

CREATE INDEX resource_newest ON resource (type, seq DESC) WHERE NOT deleted;
CREATE INDEX resource_changed ON resource (type, last_updated DESC, change DESC);

-- Versions that are no longer current.
CREATE TABLE history (
  key uuid NOT NULL,
  version integer NOT NULL,
  change bigint NOT NULL,
  xid xid8 NOT NULL,
  last_updated timestamptz(3) NOT NULL,
  until timestamptz(3) NOT NULL, -- when the next version came
  deleted boolean NOT NULL,
  method "char" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (key, version)
);
CREATE INDEX history_changed ON history (type, last_updated DESC, change DESC);

-- system: first 8 bytes of SHA-256 of the system's URI; 0 for "no system".
-- prime: the first row of this parameter and value; picks one row a resource when the system does not matter.
CREATE TABLE token_index (
  parameter integer NOT NULL,
  value text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  system bigint NOT NULL,
  prime boolean NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX token_by_value ON token_index (parameter, value, seq DESC, system, prime);
CREATE INDEX token_by_system ON token_index (parameter, system, seq DESC) WHERE system <> 0;
CREATE INDEX token_by_seq ON token_index (seq, parameter);

CREATE TABLE string_index (
  parameter integer NOT NULL,
  folded text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  exact text COLLATE "C" NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX string_by_value ON string_index (parameter, left(folded, 64), seq DESC);
CREATE INDEX string_by_seq ON string_index (seq, parameter);

-- target: the key of `Type/id`, or the same hash of an absolute URL or canonical.
CREATE TABLE reference_index (
  parameter integer NOT NULL,
  target uuid NOT NULL,
  seq bigint NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX reference_by_target ON reference_index (parameter, target, seq DESC);
CREATE INDEX reference_by_incoming ON reference_index (target, parameter);
CREATE INDEX reference_by_seq ON reference_index (seq, parameter) INCLUDE (target);

-- Milliseconds since 1970, [low, high); the ends of bigint where a period is open.
CREATE TABLE date_index (
  parameter integer NOT NULL,
  low bigint NOT NULL,
  high bigint NOT NULL,
  seq bigint NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX date_by_low ON date_index (parameter, low, high, seq);
CREATE INDEX date_by_high ON date_index (parameter, high, low, seq);
CREATE INDEX date_by_seq ON date_index (seq, parameter) INCLUDE (low, high);

-- Numbers and quantities: as stored, and in canonical UCUM units.
CREATE TABLE quantity_index (
  parameter integer NOT NULL,
  low double precision NOT NULL,
  high double precision NOT NULL,
  seq bigint NOT NULL,
  system bigint NOT NULL,
  code text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  canonical_unit text COLLATE "C",
  canonical_low double precision,
  canonical_high double precision,
  key uuid NOT NULL
);
CREATE INDEX quantity_by_value ON quantity_index (parameter, low, high, seq);
CREATE INDEX quantity_by_canonical ON quantity_index (parameter, canonical_unit, canonical_low, canonical_high, seq)
  WHERE canonical_unit IS NOT NULL;
CREATE INDEX quantity_by_seq ON quantity_index (seq, parameter);

CREATE TABLE uri_index (
  parameter integer NOT NULL,
  uri text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX uri_by_value ON uri_index (parameter, left(uri, 255), seq DESC);
CREATE INDEX uri_by_seq ON uri_index (seq, parameter);

-- One row for each combination of component values of one element; the first code leads.
CREATE TABLE composite_index (
  parameter integer NOT NULL,
  value text COLLATE "C" NOT NULL,
  system bigint NOT NULL,
  seq bigint NOT NULL,
  value2 text COLLATE "C",
  system2 bigint,
  folded text COLLATE "C",
  target uuid,
  low double precision,
  high double precision,
  unit_system bigint,
  code text COLLATE "C",
  unit text COLLATE "C",
  canonical_unit text COLLATE "C",
  canonical_low double precision,
  canonical_high double precision,
  exact text COLLATE "C",
  key uuid NOT NULL
);
CREATE INDEX composite_by_value ON composite_index (parameter, value, seq DESC);
CREATE INDEX composite_by_seq ON composite_index (seq, parameter);

-- Words of narratives, for `_text`.
CREATE TABLE text_index (
  parameter integer NOT NULL,
  seq bigint NOT NULL,
  words tsvector NOT NULL,
  key uuid NOT NULL
);
CREATE INDEX text_by_words ON text_index USING gin (words);
CREATE INDEX text_by_seq ON text_index (seq, parameter);

-- Values of one parameter are skewed and belong together; single-column statistics know neither. The planner reads
-- the lists at each planning: 64 entries cost it 0.1 ms, 1,000 entries 4 ms.
CREATE STATISTICS token_shape (mcv) ON parameter, value FROM token_index;
CREATE STATISTICS string_shape (mcv) ON parameter, folded FROM string_index;
CREATE STATISTICS reference_shape (mcv) ON parameter, target FROM reference_index;
CREATE STATISTICS composite_shape (mcv) ON parameter, value FROM composite_index;
ALTER STATISTICS token_shape SET STATISTICS 64;
ALTER STATISTICS string_shape SET STATISTICS 64;
ALTER STATISTICS reference_shape SET STATISTICS 64;
ALTER STATISTICS composite_shape SET STATISTICS 64;

-- Cheaper to unpack, where the server was built with it (PGlite was not).
DO $$
BEGIN
  ALTER TABLE resource ALTER COLUMN content SET COMPRESSION lz4;
  ALTER TABLE history ALTER COLUMN content SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END
$$;
