RuleSet: Parameter(code, base, type)
* code = #{code}
* base = #{base}
* type = #{type}
* status = #active
* experimental = false
* version = "0.1.0"
* publisher = "Overgang"

Instance: task-due
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(due, Task, date)
* url = "https://overgang.dk/fhir/SearchParameter/task-due"
* name = "TaskDue"
* description = "Hvornår opgaven senest skal være udført. By when the task is due."
* expression = "Task.restriction.period.end"

Instance: encounter-end-of-treatment
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(end-of-treatment, Encounter, date)
* url = "https://overgang.dk/fhir/SearchParameter/encounter-end-of-treatment"
* name = "EncounterEndOfTreatment"
* description = "Hvornår behandlingen blev afsluttet. When the treatment was finished."
* expression = "Encounter.extension('https://overgang.dk/fhir/StructureDefinition/end-of-treatment').value.ofType(dateTime)"

Instance: encounter-admission-report-requested
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(admission-report-requested, Encounter, token)
* url = "https://overgang.dk/fhir/SearchParameter/encounter-admission-report-requested"
* name = "EncounterAdmissionReportRequested"
* description = "Om sygehuset bad om en indlæggelsesrapport. Whether the hospital asked for an admission report."
* expression = "Encounter.extension('https://overgang.dk/fhir/StructureDefinition/admission-report-requested').value.ofType(boolean)"

Instance: communication-corrects
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(corrects, Communication, reference)
* url = "https://overgang.dk/fhir/SearchParameter/communication-corrects"
* name = "CommunicationCorrects"
* description = "Den udveksling, som denne retter. The exchange that this one corrects."
* expression = "Communication.extension('https://overgang.dk/fhir/StructureDefinition/corrects').value.ofType(Reference)"
* target = #Communication

Instance: episodeofcare-inclusion-basis
InstanceOf: SearchParameter
Usage: #definition
* insert Parameter(inclusion-basis, EpisodeOfCare, token)
* url = "https://overgang.dk/fhir/SearchParameter/episodeofcare-inclusion-basis"
* name = "EpisodeOfCareInclusionBasis"
* description = "Hvordan borgeren kom i forløbet. How the citizen was included."
* expression = "EpisodeOfCare.extension('https://overgang.dk/fhir/StructureDefinition/inclusion-basis').value.ofType(code)"
