RuleSet: Translated(path, english)
* {path}.extension[0].url = "http://hl7.org/fhir/StructureDefinition/translation"
* {path}.extension[0].extension[0].url = "lang"
* {path}.extension[0].extension[0].valueCode = #en
* {path}.extension[0].extension[1].url = "content"
* {path}.extension[0].extension[1].valueString = {english}

RuleSet: Ask(index, id, danish, english)
* item[{index}].linkId = "{id}"
* item[{index}].text = {danish}
* insert Translated(item[{index}].text, {english})
* item[{index}].type = #choice
* item[{index}].answerValueSet = "https://overgang.dk/fhir/ValueSet/involvement-answer"

CodeSystem: InvolvementAnswer
Id: involvement-answer
Title: "Svar om inddragelse"
Description: "Svar på spørgsmål om inddragelse. Answers to questions about involvement."
* insert Danish
* #high "I høj grad"
* insert Term(high, "To a high degree")
* #some "I nogen grad"
* insert Term(some, "To some degree")
* #low "I mindre grad"
* insert Term(low, "To a lesser degree")
* #none "Slet ikke"
* insert Term(none, "Not at all")
* #unknown "Ved ikke"
* insert Term(unknown, "Don't know")

ValueSet: InvolvementAnswers
Id: involvement-answer
Title: "Svar om inddragelse"
Description: "Svar på spørgsmål om inddragelse. Answers to questions about involvement."
* insert Whole(InvolvementAnswer)

Instance: involvement
InstanceOf: Questionnaire
Usage: #definition
* language = #da
* url = "https://overgang.dk/fhir/Questionnaire/involvement"
* version = "0.1.0"
* name = "Involvement"
* title = "Inddragelse af borger og pårørende"
* insert Translated(title, "Involvement of citizen and relatives")
* status = #active
* experimental = false
* subjectType = #Patient
* publisher = "Overgang"
* description = "Hvordan borgeren eller en pårørende oplevede inddragelsen i forløbet. How the citizen or a relative experienced involvement in the course."
* item[0].linkId = "respondent"
* item[0].text = "Hvem svarer?"
* insert Translated(item[0].text, "Who answers?")
* item[0].type = #choice
* item[0].required = true
* item[0].answerOption[0].valueCoding = http://terminology.hl7.org/CodeSystem/v3-RoleCode#ONESELF "self"
* item[0].answerOption[1].valueCoding = http://terminology.hl7.org/CodeSystem/v3-RoleCode#FAMMEMB "family member"
* insert Ask(1, coordinator-known, "Ved du\, hvem din forløbskoordinator er?", "Do you know who your coordinator is?")
* insert Ask(2, wishes-heard, "Er der lyttet til dine ønsker for forløbet?", "Were your wishes for the course heard?")
* insert Ask(3, relatives-involved, "Er dine pårørende inddraget i det omfang\, du ønsker?", "Were your relatives involved as much as you want?")
* insert Ask(4, plan-understood, "Kender og forstår du planen for tiden efter udskrivelsen?", "Do you know and understand the plan for the time after the discharge?")
* insert Ask(5, coherence, "Har du oplevet\, at sygehus\, kommune og egen læge arbejder sammen?", "Did the hospital and the municipality and your general practitioner work together?")
* item[6].linkId = "comment"
* item[6].text = "Hvad kunne være gjort bedre?"
* insert Translated(item[6].text, "What could have been better?")
* item[6].type = #text
