-- Messages on their way out. One row a message; each attempt is a transmission of its own (MR5).
--
-- state  waiting: to be sent at next_attempt; awaiting: sent, no acknowledgement yet (sent again at next_attempt);
--        acknowledged: the receiver said ok; in-error: refused, or given up after the last attempt
CREATE TABLE medcom_outgoing (
  message text PRIMARY KEY, -- MessageHeader.id
  endpoint text NOT NULL,   -- URL to post to
  content text NOT NULL,    -- JSON of the message Bundle
  about text,               -- reference of what it carries, such as Communication/[id]
  state text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt timestamptz, -- absent when the state is final
  last_error text,
  created timestamptz NOT NULL,
  settled timestamptz
);
CREATE INDEX medcom_outgoing_due ON medcom_outgoing (next_attempt) WHERE next_attempt IS NOT NULL;
