-- Intervals by how long they are. Neither end alone narrows a range of time: half of all intervals begin before it,
-- half end behind it. Those of one level are at most so long, so where one of them that overlaps the range begins is
-- known to within that length: one narrow scan a level, of one index instead of two (src/store/search/date-levels.ts).
--
-- The level stands between two columns where it costs no space, so the table is built anew.
ALTER TABLE date_index RENAME TO old_date_index;

CREATE TABLE date_index (
  parameter integer NOT NULL,
  level integer NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN low <= -8640000000000000 THEN 7   -- open start
      WHEN high >= 8640000000000000 THEN 8   -- open end
      WHEN high < low THEN 9                 -- ends before it begins
      WHEN high - low <= 1000 THEN 0         -- an instant
      WHEN high - low <= 3600000 THEN 1      -- an hour
      WHEN high - low <= 90000000 THEN 2     -- a day, that of 25 hours too
      WHEN high - low <= 2764800000 THEN 3   -- 32 days
      WHEN high - low <= 31708800000 THEN 4  -- 367 days
      WHEN high - low <= 316224000000 THEN 5 -- 3,660 days
      ELSE 6                                 -- longer
    END
  ) STORED,
  low bigint NOT NULL,
  high bigint NOT NULL,
  seq bigint NOT NULL,
  key uuid NOT NULL
);
INSERT INTO date_index (parameter, low, high, seq, key) SELECT parameter, low, high, seq, key FROM old_date_index;
DROP TABLE old_date_index;
CREATE INDEX date_by_level ON date_index (parameter, level, low, high, seq);
CREATE INDEX date_by_seq ON date_index (seq, parameter) INCLUDE (low, high);

-- `system|` reads the values of its parameter, or walks the resources: it is seldom asked for, and the index for it
-- cost every token row an entry.
DROP INDEX token_by_system;
