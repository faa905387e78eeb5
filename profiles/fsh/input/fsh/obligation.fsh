Profile: Obligation
Parent: Task
Id: obligation
Title: "Forpligtelse"
Description: "Hvad en part skylder om et ophold, og hvornår. What a party owes about a stay, and when."
* status from ObligationStatus (required)
* intent = #order
* code 1..1 MS
* code from ObligationKind (required)
* for 1..1 MS
* for only Reference(Patient)
* focus 1..1 MS
* focus only Reference(Encounter)
* encounter 1..1 MS
* owner MS
* restriction 1..1 MS
* restriction.period 1..1
* restriction.period.end 1..1 MS
* instantiatesCanonical 1..1 MS

Profile: FollowUpTask
Parent: Task
Id: follow-up
Title: "Opfølgning"
Description: "Opfølgende hjemmebesøg eller samtale efter udskrivelsen. A follow-up home visit or call after the discharge."
* code 1..1 MS
* code from FollowUpKind (required)
* for 1..1 MS
* for only Reference(Patient)
* encounter MS
* owner MS
* restriction.period MS
* output MS

Invariant: agreement-1
Description: "En regional aftale er i kraft fra en dag. A regional agreement is in force from a day on."
Severity: #error
Expression: "status = 'active' implies (effectivePeriod.start.exists() or jurisdiction.coding.where(code = 'DK').exists())"

Profile: Agreement
Parent: PlanDefinition
Id: agreement
Title: "Aftale"
Description: "Sundhedsaftalens forpligtelser med frister. The obligations of an agreement with their deadlines."
* obeys agreement-1
* url 1..1 MS
* version 1..1 MS
* jurisdiction 1..* MS
* effectivePeriod MS
* action 1..* MS
* action.code 1..1 MS
* action.extension contains
    Deadline named deadline 1..1 and
    EarliestBeforeAnchor named earliest 0..1 and
    MinimumStay named minimumStay 0..1 and
    Completeness named completeness 0..1
