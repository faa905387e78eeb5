-- Letters go out too, and the queue tells who sends what to whom.
--
-- kind      message: `content` is JSON of a FHIR Bundle; letter: `content` is the OIOXML Emessage in base64
-- facts     JSON: sender, receiver and citizen as references, kind and version of what is sent. No CPR number
-- letter    Letter/Identifier, envelope: Envelope/Identifier; with the GLNs of its parties what a receipt names
-- refused   the receiver said no: a later receipt does not change that
-- state     also `sent`: a letter whose sender asks for no positive receipt
ALTER TABLE medcom_outgoing
  ADD COLUMN kind text NOT NULL DEFAULT 'message',
  ADD COLUMN facts text NOT NULL DEFAULT '{}',
  ADD COLUMN letter text,
  ADD COLUMN envelope text,
  ADD COLUMN sender_gln text,
  ADD COLUMN receiver_gln text,
  ADD COLUMN refused boolean NOT NULL DEFAULT false;
CREATE INDEX medcom_outgoing_letter ON medcom_outgoing (letter) WHERE letter IS NOT NULL;
CREATE INDEX medcom_outgoing_envelope ON medcom_outgoing (envelope) WHERE envelope IS NOT NULL;
CREATE INDEX medcom_outgoing_about ON medcom_outgoing (about);
