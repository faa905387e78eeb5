-- A month of stays is found by its anchor days in every slot, not only in the first two.
CREATE INDEX verdict_anchor2 ON verdict (anchor2, pack) WHERE anchor2 IS NOT NULL;
CREATE INDEX verdict_anchor3 ON verdict (anchor3, pack) WHERE anchor3 IS NOT NULL;
CREATE INDEX verdict_anchor4 ON verdict (anchor4, pack) WHERE anchor4 IS NOT NULL;
CREATE INDEX verdict_anchor5 ON verdict (anchor5, pack) WHERE anchor5 IS NOT NULL;
CREATE INDEX verdict_anchor6 ON verdict (anchor6, pack) WHERE anchor6 IS NOT NULL;
CREATE INDEX verdict_anchor7 ON verdict (anchor7, pack) WHERE anchor7 IS NOT NULL;
