-- Verdicts of Measures on stays, kept so that a report is one aggregate (blueprint §6 "Measures").
--
-- One row holds up to eight Measure groups of a stay side by side (a *pack*): a summary of six Measures then reads one
-- narrow row a stay instead of six. Which group lies in which slot, and which stratifier in which stratum column, is
-- said by verdict_measure.layout. The stay's key is in every primary key: the distribution column of a sharded database.
--
-- bits    populations, src/measures/report/populations.ts; 0: in none
-- anchor  the local day that decides the measurement period
-- due     before it, what is not done is pending
-- s       ids of stratum values (verdict_value); null: no value

CREATE TABLE verdict (
  stay uuid NOT NULL,
  due0 timestamptz(3), due1 timestamptz(3), due2 timestamptz(3), due3 timestamptz(3),
  due4 timestamptz(3), due5 timestamptz(3), due6 timestamptz(3), due7 timestamptz(3),
  obs0 double precision, obs1 double precision, obs2 double precision, obs3 double precision,
  obs4 double precision, obs5 double precision, obs6 double precision, obs7 double precision,
  anchor0 date, anchor1 date, anchor2 date, anchor3 date,
  anchor4 date, anchor5 date, anchor6 date, anchor7 date,
  s0 integer, s1 integer, s2 integer, s3 integer, s4 integer, s5 integer, s6 integer, s7 integer,
  s8 integer, s9 integer, s10 integer, s11 integer, s12 integer, s13 integer, s14 integer, s15 integer,
  bits0 smallint NOT NULL DEFAULT 0, bits1 smallint NOT NULL DEFAULT 0,
  bits2 smallint NOT NULL DEFAULT 0, bits3 smallint NOT NULL DEFAULT 0,
  bits4 smallint NOT NULL DEFAULT 0, bits5 smallint NOT NULL DEFAULT 0,
  bits6 smallint NOT NULL DEFAULT 0, bits7 smallint NOT NULL DEFAULT 0,
  pack smallint NOT NULL,
  PRIMARY KEY (stay, pack)
);
CREATE INDEX verdict_anchor0 ON verdict (anchor0, pack) WHERE anchor0 IS NOT NULL;
CREATE INDEX verdict_anchor1 ON verdict (anchor1, pack) WHERE anchor1 IS NOT NULL;

-- Why: the verdicts of a stay as JSON (src/measures/stays/verdict.ts), apart so that aggregates do not read past them.
CREATE TABLE verdict_reason (
  stay uuid PRIMARY KEY,
  id text COLLATE "C" NOT NULL,      -- of the Encounter
  subject text COLLATE "C",          -- Patient/[id]
  coordinator text COLLATE "C",      -- careManager of the course
  failed boolean NOT NULL,           -- one of them could not be evaluated
  verdicts text NOT NULL
);
CREATE INDEX verdict_by_subject ON verdict_reason (subject);
CREATE INDEX verdict_failed ON verdict_reason (stay) WHERE failed;
CREATE INDEX verdict_by_coordinator ON verdict_reason (coordinator) WHERE coordinator IS NOT NULL;

-- Stays whose verdicts may be wrong. Rows are only added and taken: a writer never waits for one who refreshes, and a
-- mark whose transaction commits later than the refreshing began is still there afterwards.
CREATE TABLE verdict_stale (
  stay uuid NOT NULL,
  mark bigint GENERATED ALWAYS AS IDENTITY,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (stay, mark)
);
CREATE INDEX verdict_stale_mark ON verdict_stale (mark);

-- Measures whose verdicts are kept. Local to each database of a cluster: a handful of rows.
CREATE TABLE verdict_measure (
  id text COLLATE "C" PRIMARY KEY,   -- of the Measure
  version integer NOT NULL,          -- of the stored resource
  digest uuid NOT NULL,              -- of what the verdicts depend on beside the facts
  layout text NOT NULL               -- src/store/verdicts/layout.ts
);

CREATE TABLE verdict_value (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  value text COLLATE "C" NOT NULL UNIQUE
);
