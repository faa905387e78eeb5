-- What all servers on this database share. Local, never distributed.
CREATE TABLE setting (
  name text PRIMARY KEY,
  value text NOT NULL
);
