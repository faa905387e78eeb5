Invariant: exchange-1
Description: "En gennemført udveksling har et tidspunkt. A completed exchange has a time."
Severity: #error
Expression: "status = 'completed' implies (sent.exists() or received.exists())"

Profile: ExchangeCommunication
Parent: Communication
Id: exchange
Title: "Udveksling"
Description: "En af de fem udvekslinger om et ophold. One of the five exchanges about a stay."
* obeys exchange-1
* extension contains
    EndOfTreatment named endOfTreatment 0..1 and
    Corrects named corrects 0..1 and
    $workflow-episodeOfCare named course 0..*
* category 1..*
* category ^slicing.discriminator.type = #value
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains kind 1..1 MS
* category[kind] from ExchangeKind (required)
* subject 1..1 MS
* subject only Reference(Patient)
* encounter MS
* sent MS
* received MS
* sender MS
* recipient MS
* payload MS
* payload.extension contains ExchangeSectionExtension named section 0..1

RuleSet: PlanRules
* subject only Reference(Patient)
* encounter MS
* period MS
* contributor MS
* contributor.extension contains PlanAgreement named agreement 0..1
* extension contains
    AgreedDischarge named agreedDischarge 0..1 and
    $workflow-episodeOfCare named course 0..*
* category 1..*
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open

Profile: DischargePlan
Parent: CarePlan
Id: discharge-plan
Title: "Fælles plan for udskrivelsen"
Description: "Planen, som sygehus og kommune aftaler før udskrivelsen. The plan that hospital and municipality agree on before the discharge."
* insert PlanRules
* category contains kind 1..1 MS
* category[kind] = $exchange#discharge-plan

Profile: CarePathwayPlan
Parent: CarePlan
Id: care-pathway-plan
Title: "Plejeforløbsplan"
Description: "Sygehusets plan for forløbet og plejebehovet. The hospital's plan of course and care needs."
* insert PlanRules
* category contains kind 1..1 MS
* category[kind] = $exchange#care-pathway-plan
