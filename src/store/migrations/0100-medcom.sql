-- What MedCom messages and letters leave behind besides FHIR resources.

-- The technical receipt of every message and letter that came in: who, what, when, how it was answered. No content,
-- no citizen. A message that comes again is recognised and answered by it.
--
-- identity        MessageHeader.id, or sender and identifier of a letter; absent when it could not be read
-- transmission    Bundle.id, or sender and identifier of a letter's envelope
-- acknowledgement the answer as it was given (JSON of an Acknowledgement, or XML of a receipt)
CREATE TABLE medcom_receipt (
  id uuid PRIMARY KEY,
  identity text,
  transmission text,
  kind text NOT NULL,
  activity text,
  sender text,
  receiver text,
  told timestamptz,
  received timestamptz NOT NULL,
  outcome text NOT NULL, -- ok | fatal-error | duplicate
  content_hash text NOT NULL,
  acknowledgement text NOT NULL
);
CREATE UNIQUE INDEX medcom_receipt_identity ON medcom_receipt (identity) WHERE outcome <> 'duplicate';
CREATE INDEX medcom_receipt_transmission ON medcom_receipt (transmission);
CREATE INDEX medcom_receipt_received ON medcom_receipt (received);

-- What was told of a citizen's hospital stays, one row a notification, so that the stays are a function of all of
-- them whatever their order of arrival. Times, codes and references only.
CREATE TABLE medcom_stay_event (
  patient text NOT NULL, -- Patient id
  source text NOT NULL,  -- identity of the message that told it
  stay text,             -- Encounter id
  event text NOT NULL,   -- JSON of a StayEvent
  PRIMARY KEY (patient, source)
);
