-- One index serves both questions, who refers to a target by one parameter and who refers to it at all: every row
-- of reference_index costs an entry less.
CREATE INDEX reference_to_target ON reference_index (target, parameter, seq DESC);
DROP INDEX reference_by_target;
DROP INDEX reference_by_incoming;
