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

Extension: ScoreInterval
Id: score-interval
Title: "Konfidensinterval"
Description: "Usikkerheden på en andel. The uncertainty of a proportion."
Context: MeasureReport.group.measureScore, MeasureReport.group.stratifier.stratum.measureScore
* extension contains low 1..1 and high 1..1 and level 1..1
* extension[low].value[x] 1..1
* extension[low].value[x] only decimal
* extension[high].value[x] 1..1
* extension[high].value[x] only decimal
* extension[level].value[x] 1..1
* extension[level].value[x] only decimal

Extension: CourseFunding
Id: course-funding
Title: "Finansierede forløb"
Description: "Hvor mange koordinationsforløb der er finansieret om året i et område, og for hvor meget. How many coordination courses a year are funded in an area, and with how much."
Context: Measure
* extension contains area 1..1 and period 1..1 and courses 1..1 and regions 0..1 and municipalities 0..1 and source 1..1
* extension[area].value[x] 1..1
* extension[area].value[x] only Coding
* extension[period].value[x] 1..1
* extension[period].value[x] only Period
* extension[courses].value[x] 1..1
* extension[courses].value[x] only integer
* extension[regions].value[x] 1..1
* extension[regions].value[x] only Money
* extension[municipalities].value[x] 1..1
* extension[municipalities].value[x] only Money
* extension[source].value[x] 1..1
* extension[source].value[x] only string

Extension: FundedCount
Id: funded-count
Title: "Finansieret antal"
Description: "Det antal, der er finansieret i rapportens periode. The number that is funded in the report's period."
Context: MeasureReport.group.population, MeasureReport.group.stratifier.stratum.population
* value[x] only integer
* value[x] 1..1

Extension: VerdictExtension
Id: verdict
Title: "Afgørelse"
Description: "Hvad målet siger om et ophold, og hvorfor. What the measure says of a stay, and why."
Context: MeasureReport.evaluatedResource
* extension contains result 0..1 and anchor 0..1 and due 0..1 and actual 0..1 and agreement 0..1 and explanation 1..1 and explanation-en 1..1
* extension[result].value[x] 1..1
* extension[result].value[x] only code
* extension[anchor].value[x] 1..1
* extension[anchor].value[x] only instant
* extension[due].value[x] 1..1
* extension[due].value[x] only instant
* extension[actual].value[x] 1..1
* extension[actual].value[x] only instant
* extension[agreement].value[x] 1..1
* extension[agreement].value[x] only canonical
* extension[explanation].value[x] 1..1
* extension[explanation].value[x] only string
* extension[explanation-en].value[x] 1..1
* extension[explanation-en].value[x] only string

CodeSystem: ReportUnit
Id: report-unit
Title: "Enheder uden officiel kode"
Description: "Enheder i årsrapporten, som ingen officiel kode har. Units of the yearly report that have no official code."
* insert Danish
* #unknown "Uden kendt kommune"
* insert Term(unknown, "Without a known municipality")

CodeSystem: Stratifier
Id: stratifier
Title: "Opdelinger"
Description: "Hvad parametrene deles op efter. What the parameters are stratified by."
* insert Danish
* #region "Region"
* insert Term(region, "Region")
* #municipality "Kommune"
* insert Term(municipality, "Municipality")
* #hospital "Sygehus"
* insert Term(hospital, "Hospital")
* #department "Afdeling"
* insert Term(department, "Department")
* #age-band "Aldersgruppe"
* insert Term(age-band, "Age band")
* #inclusion "Inklusion efter regel eller fagligt skøn"
* insert Term(inclusion, "Inclusion by rule or by judgement")
* #discharge-day "Udskrivningsdagens art"
* insert Term(discharge-day, "Kind of discharge day")
* #timely "Rettidig"
* insert Term(timely, "Timely")
* #complete "Fyldestgørende"
* insert Term(complete, "Complete")
