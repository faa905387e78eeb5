ValueSet: ExchangeKind
Id: exchange
Title: "Udvekslinger"
Description: "De fem udvekslinger om et ophold. The five exchanges about a stay."
* ^language = #da
* ^experimental = false
* include codes from system Exchange
* exclude $exchange#discharge-plan

ValueSet: ObligationKind
Id: obligation
Title: "Forpligtelser"
Description: "De fem udvekslinger og den fælles plan. The five exchanges and the joint plan."
* insert Whole(Exchange)

ValueSet: ExchangeSectionKind
Id: exchange-section
Title: "Afsnit"
Description: "Afsnit i udvekslinger. Sections of exchanges."
* insert Whole(ExchangeSection)

ValueSet: CourseKind
Id: course-type
Title: "Forløbstyper"
Description: "Typer af forløb. Types of courses."
* insert Whole(CourseType)

ValueSet: OrganisationKind
Id: organisation-type
Title: "Organisationstyper"
Description: "Typer af organisationer. Types of organisations."
* insert Whole(OrganisationType)

ValueSet: InclusionBases
Id: inclusion-basis
Title: "Grundlag for inklusion"
Description: "Hvordan borgeren kom i forløbet. How the citizen was included."
* insert Whole(InclusionBasisCode)

ValueSet: Sectors
Id: sector
Title: "Sektorer"
Description: "Sektorer i en fælles plan. Sectors of a joint plan."
* insert Whole(Sector)

ValueSet: DeadlineAnchors
Id: deadline-anchor
Title: "Fristers udgangspunkter"
Description: "Hvornår en frist regnes fra. From when a deadline is counted."
* insert Whole(DeadlineAnchor)

ValueSet: DeadlineRules
Id: deadline-rule
Title: "Fristers regler"
Description: "Hvordan en frist regnes. How a deadline is counted."
* insert Whole(DeadlineRule)

ValueSet: FollowUpKind
Id: follow-up
Title: "Opfølgninger"
Description: "Opfølgning efter udskrivelsen. Follow-up after a discharge."
* insert Whole(FollowUp)

ValueSet: StayClass
Id: stay-class
Title: "Opholdets klasse"
Description: "Indlæggelse eller akut ambulant. Inpatient or acute ambulatory."
* ^language = #da
* ^experimental = false
* $act#IMP "inpatient encounter"
* $act#EMER "emergency"
* $act#ACUTE "inpatient acute"
* $act#NONAC "inpatient non-acute"

ValueSet: ObligationStatus
Id: obligation-status
Title: "Forpligtelsens status"
Description: "En forpligtelse er udestående, opfyldt eller bortfaldet. An obligation is open, met or withdrawn."
* ^language = #da
* ^experimental = false
* http://hl7.org/fhir/task-status#requested
* http://hl7.org/fhir/task-status#in-progress
* http://hl7.org/fhir/task-status#completed
* http://hl7.org/fhir/task-status#cancelled
* http://hl7.org/fhir/task-status#entered-in-error
