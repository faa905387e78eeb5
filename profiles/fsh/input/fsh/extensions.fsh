Extension: EndOfTreatment
Id: end-of-treatment
Title: "Færdigbehandlet"
Description: "Tidspunktet, hvor behandlingen på sygehuset er afsluttet. When the hospital treatment was finished."
Context: Encounter, Communication
* value[x] only dateTime
* value[x] 1..1

Extension: AgreedDischarge
Id: agreed-discharge
Title: "Aftalt udskrivelse"
Description: "Det aftalte tidspunkt for udskrivelsen. The agreed time of discharge."
Context: Encounter, CarePlan
* value[x] only dateTime
* value[x] 1..1

Extension: AdmissionReportRequested
Id: admission-report-requested
Title: "Indlæggelsesrapport ønsket"
Description: "Om sygehuset bad om en indlæggelsesrapport. Whether the hospital asked for an admission report."
Context: Encounter
* value[x] only boolean
* value[x] 1..1

Extension: LeavePeriod
Id: leave-period
Title: "Orlov"
Description: "Den seneste orlov under opholdet. The latest leave during the stay."
Context: Encounter
* value[x] only Period
* value[x] 1..1

Extension: PlanAgreement
Id: plan-agreement
Title: "Tiltrædelse af planen"
Description: "Hvilken sektor bidragyderen taler for, og hvornår den tiltrådte planen. For which sector the contributor speaks, and when it agreed."
Context: CarePlan.contributor
* extension contains sector 1..1 and agreedAt 0..1
* extension[sector].value[x] 1..1
* extension[sector].value[x] only code
* extension[sector].valueCode from Sectors (required)
* extension[agreedAt].value[x] 1..1
* extension[agreedAt].value[x] only dateTime

Extension: ExchangeSectionExtension
Id: exchange-section
Title: "Afsnit"
Description: "Hvilket afsnit indholdet er. Which section the content is."
Context: Communication.payload
* value[x] only code
* value[x] 1..1
* valueCode from ExchangeSectionKind (required)

Extension: Corrects
Id: corrects
Title: "Retter"
Description: "Den udveksling, som denne retter. The exchange that this one corrects."
Context: Communication
* value[x] only Reference(Communication)
* value[x] 1..1

Extension: InclusionBasis
Id: inclusion-basis
Title: "Grundlag for inklusion"
Description: "Hvordan borgeren kom i forløbet. How the citizen was included."
Context: EpisodeOfCare
* value[x] only code
* value[x] 1..1
* valueCode from InclusionBases (required)

Extension: Deadline
Id: deadline
Title: "Frist"
Description: "Hvornår forpligtelsen senest er opfyldt. The latest time at which the obligation is met."
Context: PlanDefinition.action
* extension contains anchor 1..1 and rule 1..1 and offset 0..1
* extension[anchor].value[x] 1..1
* extension[anchor].value[x] only code
* extension[anchor].valueCode from DeadlineAnchors (required)
* extension[rule].value[x] 1..1
* extension[rule].value[x] only code
* extension[rule].valueCode from DeadlineRules (required)
* extension[offset].value[x] 1..1
* extension[offset].value[x] only Duration

Extension: EarliestBeforeAnchor
Id: earliest-before-anchor
Title: "Tidligst"
Description: "Hvor længe før udgangspunktet en udveksling tæller. How long before the anchor an exchange counts."
Context: PlanDefinition.action
* value[x] only Duration
* value[x] 1..1

Extension: MinimumStay
Id: minimum-stay
Title: "Mindste ophold"
Description: "Kortere ophold er undtaget. Shorter stays are exempt."
Context: PlanDefinition.action
* value[x] only Duration
* value[x] 1..1

Extension: Completeness
Id: completeness
Title: "Fyldestgørende"
Description: "Hvilke afsnit der kræves, og hvor stor en del af dem. Which sections are required, and what share of them."
Context: PlanDefinition.action
* extension contains section 1..* and threshold 0..1
* extension[section].value[x] 1..1
* extension[section].value[x] only code
* extension[section].valueCode from ExchangeSectionKind (required)
* extension[threshold].value[x] 1..1
* extension[threshold].value[x] only decimal
