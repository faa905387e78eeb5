Alias: $cpr = urn:oid:1.2.208.176.1.2
Alias: $act = http://terminology.hl7.org/CodeSystem/v3-ActCode
Alias: $exchange = https://overgang.dk/fhir/CodeSystem/exchange
Alias: $course-type = https://overgang.dk/fhir/CodeSystem/course-type
Alias: $follow-up = https://overgang.dk/fhir/CodeSystem/follow-up
Alias: $workflow-episodeOfCare = http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare
Alias: $municipality = http://hl7.dk/fhir/core/StructureDefinition/dk-core-municipalityCodes
Alias: $stay-episode = https://overgang.dk/fhir/NamingSystem/stay-episode

RuleSet: Danish
* ^language = #da
* ^experimental = false
* ^caseSensitive = true

RuleSet: Term(code, english)
* #{code} ^designation[0].language = #en
* #{code} ^designation[0].value = {english}

RuleSet: Whole(system)
* ^language = #da
* ^experimental = false
* include codes from system {system}
