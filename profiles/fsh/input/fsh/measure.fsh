RuleSet: MeasureExpression
* value[x] only Expression
* value[x] 1..1

Extension: MeasureVariable
Id: measure-variable
Title: "Variabel"
Description: "Et navngivet udtryk, som målets andre udtryk kan bruge. A named expression that the measure's other expressions may use."
Context: Measure
* insert MeasureExpression

Extension: MeasureAnchor
Id: measure-anchor
Title: "Udgangspunkt"
Description: "Tidspunktet, der afgør måleperioden. The instant that decides the measurement period."
Context: Measure
* insert MeasureExpression

Extension: MeasureDue
Id: measure-due
Title: "Senest"
Description: "Det sidste tidspunkt, hvor parameteren er opfyldt. The last instant at which the parameter is met."
Context: Measure
* insert MeasureExpression

Extension: MeasureActual
Id: measure-actual
Title: "Udført"
Description: "Tidspunktet, hvor det blev gjort. The instant at which it was done."
Context: Measure
* insert MeasureExpression

Extension: MeasureEvidence
Id: measure-evidence
Title: "Grundlag"
Description: "De ressourcer, en afgørelse hviler på. The resources that a verdict rests on."
Context: Measure
* insert MeasureExpression

Extension: MeasureAgreement
Id: measure-agreement
Title: "Aftalens dag"
Description: "Om aftalen er den på indlæggelsens eller udskrivelsens dag. Whether the agreement is that of the admission's or the discharge's day."
Context: Measure
* value[x] only code
* value[x] 1..1

Extension: MeasureObligation
Id: measure-obligation
Title: "Forpligtelse"
Description: "Den forpligtelse, målet bedømmer. The obligation that the measure judges."
Context: Measure
* value[x] only code
* value[x] 1..1
* valueCode from ObligationKind (required)

Extension: MeasureStratumSystem
Id: measure-stratum-system
Title: "Stratums kodesystem"
Description: "Kodesystemet for stratifikationens værdier. The code system of the stratum values."
Context: Measure.group.stratifier
* value[x] only uri
* value[x] 1..1
