-- How far the verdicts of a Measure are made for the stays that were there before it.
--
-- state     filling: the stays are gone through in the order of their keys, and until that is done the Measure is
--           evaluated directly; kept: reports are made from the kept verdicts; ended: its criteria took too much
-- reason    why it was ended, without data
-- filled_to key of the last stay done; null: none yet
-- total     stays there were when filling began; null until it has begun
-- since     when it came to this state
ALTER TABLE verdict_measure
  ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT 'filling' CHECK (state IN ('filling', 'kept', 'ended')),
  ADD COLUMN reason text,
  ADD COLUMN filled_to uuid,
  ADD COLUMN filled integer NOT NULL DEFAULT 0,
  ADD COLUMN total integer,
  ADD COLUMN since timestamptz(3) NOT NULL DEFAULT now();

-- Those before this migration marked all stays stale when they came, and every answer waits for the marks.
UPDATE verdict_measure SET state = 'kept';
