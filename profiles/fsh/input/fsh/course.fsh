Invariant: course-1
Description: "Et aktivt koordinationsforløb bør have en navngiven koordinator. An active coordination course should have a named coordinator."
Severity: #warning
Expression: "status = 'active' and type.coding.where(system = 'https://overgang.dk/fhir/CodeSystem/course-type' and code = 'coordination').exists() implies careManager.exists()"

Profile: Course
Parent: EpisodeOfCare
Id: course
Title: "Forløb"
Description: "Koordinationsforløb eller kommunale ydelser. A coordination course, or municipal services."
* obeys course-1
* extension contains InclusionBasis named inclusionBasis 0..1
* type 1..*
* type ^slicing.discriminator.type = #value
* type ^slicing.discriminator.path = "$this"
* type ^slicing.rules = #open
* type contains kind 1..1 MS
* type[kind] from CourseKind (required)
* patient MS
* managingOrganization 1..1 MS
* careManager MS
* period 1..1 MS
* period.start 1..1

Invariant: stay-1
Description: "Opholdets episode-id til sammenligning er hex med små bogstaver uden bindestreger. The stay's episode id for matching is lower-case hex without hyphens."
Severity: #error
Expression: "matches('^[0-9a-f]+$')"

Invariant: stay-2
Description: "Et afsluttet ophold har et sluttidspunkt. A finished stay has an end."
Severity: #error
Expression: "status = 'finished' implies period.end.exists()"

Profile: Stay
Parent: Encounter
Id: stay
Title: "Sygehusophold"
Description: "Ét sammenhængende ophold på sygehus, overflytninger medregnet. One continuous hospital stay, transfers included."
* obeys stay-2
* extension contains
    EndOfTreatment named endOfTreatment 0..1 and
    AgreedDischarge named agreedDischarge 0..1 and
    AdmissionReportRequested named reportRequested 0..1 and
    LeavePeriod named leavePeriod 0..1
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains episode 0..* MS
* identifier[episode].system 1..1
* identifier[episode].system = $stay-episode (exactly)
* identifier[episode].value 1..1
* identifier[episode].value obeys stay-1
* class from StayClass (required)
* subject 1..1 MS
* subject only Reference(Patient)
* period 1..1 MS
* period.start 1..1
* episodeOfCare MS
* serviceProvider MS
