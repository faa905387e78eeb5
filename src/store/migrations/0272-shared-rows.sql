-- Parameters that speak of the same values share their rows (src/fhir/search/shared-rows.ts): the rows of a reference that
-- leads to one type, `patient`, were copies of those of a wider one, `subject`; where a value leads elsewhere there is a
-- mark instead. Those of a union (`combo-code`) were copies of its parts'.
CREATE TEMP TABLE shared ON COMMIT DROP AS
SELECT * FROM (VALUES
  (-1704754, 1546995032, 495158189, -180889797, 1582408131), -- Basic.patient
  (-618504461, 297749759, -1991115725, -986217575, 1117100986), -- CarePlan.patient
  (1618431120, -1739150920, -1585611107, 355171779, -1231632045), -- CareTeam.patient
  (972477074, -61867121, -1683239285, 138326322, 1055319609), -- ClinicalImpression.patient
  (739963064, 1056334140, -614219261, -680899183, -526662442), -- Communication.patient
  (758405695, 1182825356, 1221282366, 1268660766, -1709209638), -- Composition.patient
  (1107523192, -1558796373, 1196074609, 1528467624, 1499152012), -- Condition.patient
  (1134133312, 1210408292, -588509988, -1308924924, -30539483), -- DiagnosticReport.patient
  (1156786294, -1017617355, 229026818, -908702458, 1140910549), -- DocumentReference.patient
  (1499722332, 992211081, -70454759, 193346416, 1709348880), -- Encounter.patient
  (1731586620, -1680160223, -1098436668, -1779796248, 1122961982), -- Flag.patient
  (-1740341336, -153662062, -1871309771, -1770925223, 990096719), -- Goal.patient
  (72375897, 1477928007, -1934193449, -714715961, -1819533511), -- List.patient
  (1877133338, 209303132, -818572005, -707223030, -1898514296), -- MeasureReport.patient
  (425566825, 1832270300, -1260479621, 845256175, -935956638), -- MedicationRequest.patient
  (-1391802983, -1711228257, -2132985249, -114443860, 391213678), -- MedicationStatement.patient
  (-1133609002, -1508621972, -618211579, 828027420, -1119357530), -- Observation.patient
  (-652658944, 995653794, -1838922265, 2139036562, 640210653), -- Procedure.patient
  (-1332983622, 2094691895, 1943103287, 1868426951, -242077809), -- QuestionnaireResponse.patient
  (299444647, 311325410, 116832381, -1300230557, 496232768), -- RiskAssessment.patient
  (427746191, -1894095320, 129297938, 206251437, -404927634), -- ServiceRequest.patient
  (1585983766, -1047784095, 301808938, -853303295, 1656378963) -- Task.patient
) AS s (wide, wide_identifier, narrow, narrow_identifier, mark);

CREATE TEMP TABLE elsewhere ON COMMIT DROP AS
SELECT s.mark, w.seq, w.key FROM shared s JOIN reference_index w ON w.parameter = s.wide
WHERE NOT EXISTS (SELECT FROM reference_index n WHERE n.seq = w.seq AND n.parameter = s.narrow)
UNION
SELECT s.mark, w.seq, w.key FROM shared s JOIN token_index w ON w.parameter = s.wide_identifier
WHERE NOT EXISTS (SELECT FROM reference_index n WHERE n.seq = w.seq AND n.parameter = s.narrow)
  AND NOT EXISTS (SELECT FROM token_index n WHERE n.seq = w.seq AND n.parameter = s.narrow_identifier);

INSERT INTO reference_index (parameter, target, seq, key)
SELECT mark, '7b1b763e-e8f6-2eb8-8e47-42a760f912d0', seq, key FROM elsewhere;
UPDATE resource r SET tables = r.tables | 4 FROM elsewhere e WHERE r.key = e.key AND r.tables & 4 = 0;

DELETE FROM reference_index x USING shared s WHERE x.parameter = s.narrow;
DELETE FROM token_index x USING shared s WHERE x.parameter = s.narrow_identifier;
DELETE FROM reference_index WHERE parameter IN (-611677567);
DELETE FROM token_index WHERE parameter IN (-388450583, -639945117, 562747920, -1474573392, -1430752966);
DELETE FROM string_index WHERE parameter IN (-87619460, 383945682, 1044524647, -1276345291, -1435301364, -329524798, -159174432);
DELETE FROM uri_index WHERE parameter IN (616508538);
DELETE FROM quantity_index WHERE parameter IN (-1871502971);
DELETE FROM composite_index WHERE parameter IN (-64022952, 949384717);
