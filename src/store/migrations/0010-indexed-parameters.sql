-- Search parameters beside R4's (of packages, and stored ones), each type by itself: how far the resources that were
-- there before the parameter have been indexed by it. Local, never distributed.
--
-- definition  digest of what decides the index rows: another one starts again.
-- upto        resources with a seq up to this one are done.
CREATE TABLE indexed_parameter (
  type text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  definition uuid NOT NULL,
  upto bigint NOT NULL DEFAULT 0,
  finished boolean NOT NULL DEFAULT false,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (type, code)
);
