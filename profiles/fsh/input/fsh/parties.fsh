Invariant: cpr-1
Description: "Et CPR-nummer har ti cifre uden bindestreg. A CPR number has ten digits, no hyphen."
Severity: #error
Expression: "matches('^[0-9]{10}$')"

Profile: Citizen
Parent: Patient
Id: citizen
Title: "Borger"
Description: "Borgeren i et forløb. Fits under dk-core and MedCom core: the same identifiers, the same municipality extension."
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains cpr 0..1 MS
* identifier[cpr].system 1..1
* identifier[cpr].system = $cpr (exactly)
* identifier[cpr].value 1..1
* identifier[cpr].value obeys cpr-1
* name MS
* birthDate MS
* address MS
* generalPractitioner MS

Profile: Organisation
Parent: Organization
Id: organisation
Title: "Organisation"
Description: "Region, sygehus, afdeling, kommune, almen praksis eller forløbskoordinatorfunktion. One of the organisations around a course."
* name 1..1 MS
* identifier MS
* partOf MS
* type 1..*
* type ^slicing.discriminator.type = #value
* type ^slicing.discriminator.path = "$this"
* type ^slicing.rules = #open
* type contains part 1..1 MS
* type[part] from OrganisationKind (required)

Profile: Coordinator
Parent: PractitionerRole
Id: coordinator
Title: "Forløbskoordinator"
Description: "Den navngivne koordinator og funktionen, som vedkommende hører til. The named coordinator and the unit he or she belongs to."
* practitioner 1..1 MS
* organization 1..1 MS
* organization only Reference(Organization)
* telecom MS

Profile: CourseTeam
Parent: CareTeam
Id: care-team
Title: "Team om forløbet"
Description: "Hvem der er med i forløbet, også pårørende. Who takes part in the course, relatives among them."
* subject 1..1 MS
* subject only Reference(Patient)
* participant 1..* MS
* participant.member 1..1 MS
