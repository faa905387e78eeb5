Extension: AssignedByOverlap
Id: assigned-by-overlap
Title: "Tilknyttet ved overlap"
Description: "Overgang skrev henvisningen, fordi ophold og forløb overlapper. Overgang wrote the reference because stay and course overlap."
Context: Encounter.episodeOfCare
* value[x] only boolean
* value[x] 1..1

CodeSystem: WithdrawalReason
Id: withdrawal-reason
Title: "Hvorfor en forpligtelse bortfaldt"
Description: "Grunden til, at en forpligtelse er trukket tilbage. Why an obligation was withdrawn."
* insert Danish
* #entered-in-error "Opholdet er fejlregistreret"
* insert Term(entered-in-error, "The stay was entered in error")
* #not-admitted "Borgeren er ikke indlagt"
* insert Term(not-admitted, "The citizen is not admitted")
* #no-course "Opholdet hører ikke til et koordinationsforløb"
* insert Term(no-course, "The stay belongs to no course")
* #no-agreement "Ingen aftale om dette er i kraft"
* insert Term(no-agreement, "No agreement on this is in force")
* #not-applicable "Aftalens betingelser er ikke opfyldt"
* insert Term(not-applicable, "The conditions of the agreement are not met")
* #short-stay "Opholdet var kortere end aftalens grænse"
* insert Term(short-stay, "The stay was shorter than the agreement asks")
* #not-yet-owed "Anledningen er endnu ikke indtruffet"
* insert Term(not-yet-owed, "The occasion has not come yet")
* #stay-deleted "Opholdet er slettet"
* insert Term(stay-deleted, "The stay was deleted")

CodeSystem: LocalRegion
Id: region
Title: "Regioner uden ISO-kode"
Description: "Regioner, som ISO 3166-2 endnu ikke har en kode for. Regions that ISO 3166-2 has no code for yet."
* insert Danish
* #oestdanmark "Region Østdanmark" "Fra 2027, efter Region Hovedstaden og Region Sjælland. From 2027, successor of the Capital Region and Region Zealand."
* insert Term(oestdanmark, "Region of Eastern Denmark")

CodeSystem: SocialCircumstance
Id: social-circumstance
Title: "Sociale forhold"
Description: "Sociale forhold, som kriterierne for inklusion ser på. Social circumstances that the inclusion criteria look at."
* insert Danish
* #lives-alone "Bor alene"
* insert Term(lives-alone, "Lives alone")
* #spouse-died "Ægtefælle død"
* insert Term(spouse-died, "Spouse died")

CodeSystem: LetterState
Id: letter-state
Title: "Brevets tilstand"
Description: "Hvor et modtaget brev er nået til. How far a received letter has come."
* insert Danish
* #unmatched "Afventer sit ophold"
* insert Term(unmatched, "Waits for its stay")
