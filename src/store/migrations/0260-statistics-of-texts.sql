-- Nobody searches by these texts as a whole: statistics of them only make ANALYZE slow, which unpacks a sample of all.
ALTER TABLE resource ALTER COLUMN content SET STATISTICS 0;
ALTER TABLE history ALTER COLUMN content SET STATISTICS 0;
ALTER TABLE medcom_receipt ALTER COLUMN acknowledgement SET STATISTICS 0;
ALTER TABLE medcom_stay_event ALTER COLUMN event SET STATISTICS 0;
