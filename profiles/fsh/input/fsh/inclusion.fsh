CodeSystem: Inclusion
Id: inclusion
Title: "Inklusion: kriterier, svar og afgørelse"
Description: "Kriterierne for målgruppen og deres grupper, svarene på dem og fagpersonens afgørelse. The criteria of the target group and their groups, the answers to them and the professional's decision."
* insert Danish
* #health "Helbredsmæssige kriterier"
* insert Term(health, "Health criteria")
* #frailty "Skrøbelighed: Clinical Frailty Scale mindst 6 inden for et år"
* insert Term(frailty, "Frailty: Clinical Frailty Scale of at least 6 within a year")
* #function "Nedsat funktionsevne: Barthel-indeks højst 60 inden for et år"
* insert Term(function, "Reduced function: Barthel index of at most 60 within a year")
* #severe-chronic "Svær kronisk eller alvorlig sygdom"
* insert Term(severe-chronic, "Severe chronic or serious illness")
* #polypharmacy "Mindst seks aktuelle lægemidler"
* insert Term(polypharmacy, "At least six current medicines")
* #organisation "Organisatoriske kriterier"
* insert Term(organisation, "Organisational criteria")
* #readmission "Genindlæggelse inden for 30 dage, det seneste år"
* insert Term(readmission, "Readmission within 30 days\, in the last year")
* #long-stay "Indlæggelse på mindst ti dage, det seneste år"
* insert Term(long-stay, "A stay of at least ten days\, in the last year")
* #three-sectors "Forløb med sygehus, kommune og almen praksis"
* insert Term(three-sectors, "Contact with hospital\, municipality and general practice")
* #social "Sociale kriterier"
* insert Term(social, "Social criteria")
* #lives-alone "Bor alene"
* insert Term(lives-alone, "Lives alone")
* #bereavement "Ægtefælle død inden for et år"
* insert Term(bereavement, "Spouse died within a year")
* #substance-misuse "Misbrug"
* insert Term(substance-misuse, "Substance misuse")
* #cognition "Nedsat kognition"
* insert Term(cognition, "Reduced cognition")
* #exclusion "Ikke i målgruppen"
* insert Term(exclusion, "Not in the target group")
* #under-65 "Under 65 år"
* insert Term(under-65, "Under 65 years")
* #terminal "Terminalt forløb"
* insert Term(terminal, "Terminal course")
* #severe-dementia "Svær demens"
* insert Term(severe-dementia, "Severe dementia")
* #rule "Regel" "Reglen, der afgør målgruppen af svarene. The rule that decides on the target group by the answers."
* insert Term(rule, "Rule")
* #yes "Ja"
* insert Term(yes, "Yes")
* #no "Nej"
* insert Term(no, "No")
* #unknown "Ukendt"
* insert Term(unknown, "Unknown")
* #include "Inkluderes" "Fagpersonens afgørelse. The professional's decision."
* insert Term(include, "Include")
* #exclude "Inkluderes ikke" "Fagpersonens afgørelse. The professional's decision."
* insert Term(exclude, "Do not include")
