-- Requests that are answered later (Prefer: respond-async). A row is found by its id alone, which is random and told to
-- nobody but the one who asked. Local to each database of a cluster: few rows, gone a day after they are answered.
CREATE TABLE async_job (
  id uuid PRIMARY KEY,
  request text NOT NULL,                      -- JSON, src/http/async/job-request.ts
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done')),
  created timestamptz(3) NOT NULL DEFAULT now(),
  beat timestamptz(3),                        -- last sign of life of the server at work
  attempts smallint NOT NULL DEFAULT 0,       -- how many times a server began
  started timestamptz(3),
  expires timestamptz(3),                     -- of a job that is done
  answer text                                 -- JSON text of the answering Bundle
);
CREATE INDEX async_job_open ON async_job (created) WHERE state <> 'done';
CREATE INDEX async_job_expires ON async_job (expires) WHERE state = 'done';
