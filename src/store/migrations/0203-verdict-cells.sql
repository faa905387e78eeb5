-- Counts of verdicts, kept by the transaction that keeps the verdicts (src/store/verdicts/cells.ts): a report over whole
-- months reads as many rows as there are strata, however many stays there are.
--
-- A cell counts the verdicts of one slot of a pack with the same bits, whose anchor lies in one span. It is a function
-- of the rows of `verdict` alone, whatever Measure lies in the slot. A stay without a value in a stratum column has no
-- cell there: it is what the whole has more than the values together.
--
-- place      pack * 8 + slot
-- dimension  stratum column (value: its verdict_value), or -1 for the whole (value 0)
-- span       year * 100 + month, month 0 for the whole year
-- early,     on the whole of a month: no undecided verdict in it has its due time before `early` or after `late`.
-- late       Undecided is what is pending on one side of its due time and not on the other. Verdicts that leave do not
--            narrow them again: they are bounds, not the least and the last.
-- bits       as in `verdict`; both sides of the due time are as after it where there is none
--
-- No resource's rows: local to each database of a cluster.
CREATE TABLE verdict_cell (
  early timestamptz(3),
  late timestamptz(3),
  value integer NOT NULL,
  span integer NOT NULL,
  count integer NOT NULL,
  place smallint NOT NULL,
  dimension smallint NOT NULL,
  bits smallint NOT NULL,
  PRIMARY KEY (place, dimension, span, value, bits)
) WITH (fillfactor = 70);

-- The last due time among the undecided verdicts of a row: what is pending now is found by it.
ALTER TABLE verdict ADD COLUMN settled timestamptz(3) GENERATED ALWAYS AS (greatest(
  CASE WHEN bits0 & 96 IN (32, 64) THEN due0 END, CASE WHEN bits1 & 96 IN (32, 64) THEN due1 END,
  CASE WHEN bits2 & 96 IN (32, 64) THEN due2 END, CASE WHEN bits3 & 96 IN (32, 64) THEN due3 END,
  CASE WHEN bits4 & 96 IN (32, 64) THEN due4 END, CASE WHEN bits5 & 96 IN (32, 64) THEN due5 END,
  CASE WHEN bits6 & 96 IN (32, 64) THEN due6 END, CASE WHEN bits7 & 96 IN (32, 64) THEN due7 END
)) STORED;
CREATE INDEX verdict_settled ON verdict (settled) WHERE settled IS NOT NULL;

-- The cells of verdicts that were kept before there were cells. settled above filled the rows as they are now.
INSERT INTO verdict_cell (place, dimension, span, value, bits, count, early, late)
SELECT pack * 8 + slot, dimension, span, value, cell_bits, count(*),
       min(due) FILTER (WHERE dimension = -1 AND span % 100 <> 0 AND cell_bits & 96 IN (32, 64)),
       max(due) FILTER (WHERE dimension = -1 AND span % 100 <> 0 AND cell_bits & 96 IN (32, 64))
FROM verdict
CROSS JOIN LATERAL (VALUES
  (0, bits0, anchor0, due0), (1, bits1, anchor1, due1), (2, bits2, anchor2, due2), (3, bits3, anchor3, due3),
  (4, bits4, anchor4, due4), (5, bits5, anchor5, due5), (6, bits6, anchor6, due6), (7, bits7, anchor7, due7)
) AS slots (slot, bits, anchor, due)
CROSS JOIN LATERAL (VALUES
  (CASE WHEN due IS NOT NULL OR bits & 96 IN (0, 96) THEN bits WHEN bits & 32 = 0 THEN bits & ~96 ELSE bits | 96 END)
) AS cell (cell_bits)
CROSS JOIN LATERAL (VALUES
  (-1, 0), (0, s0), (1, s1), (2, s2), (3, s3), (4, s4), (5, s5), (6, s6), (7, s7),
  (8, s8), (9, s9), (10, s10), (11, s11), (12, s12), (13, s13), (14, s14), (15, s15)
) AS strata (dimension, value)
CROSS JOIN LATERAL (VALUES
  (extract(year FROM anchor)::integer * 100), (extract(year FROM anchor)::integer * 100 + extract(month FROM anchor)::integer)
) AS spans (span)
WHERE bits <> 0 AND anchor IS NOT NULL AND value IS NOT NULL
GROUP BY pack, slot, dimension, span, value, cell_bits;
