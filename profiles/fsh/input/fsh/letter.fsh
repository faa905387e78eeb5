Extension: LetterFacts
Id: letter-facts
Title: "Brevets oplysninger"
Description: "Oplysninger i et brev ved navn, hver i sin egen indre extension. A letter's own facts by name, each a nested extension."
Context: Communication
* extension 1..*
* value[x] 0..0

Extension: ExchangeItem
Id: exchange-item
Title: "Punkt i et afsnit"
Description: "Et punkt i afsnittet med brevets felter og koder som indre extensions. One item of a section, the letter's fields and codings as nested extensions."
Context: Communication.payload
* extension 1..*
* value[x] 0..0

CodeSystem: LetterType
Id: letter-type
Title: "Brevtype"
Description: "MedComs OIOXML-breve og kvitteringer, som Overgang læser eller skriver. MedCom's OIOXML letters and receipts that Overgang reads or writes."
* insert Danish
* #XDIS01 "Udskrivningsepikrise"
* insert Term(XDIS01, "Discharge letter")
* #XDIS14 "Indlæggelsessvar"
* insert Term(XDIS14, "Answer to an admission")
* #XDIS16 "Indlæggelsesrapport"
* insert Term(XDIS16, "Admission report")
* #XDIS17 "Udskrivningsadvis"
* insert Term(XDIS17, "Notification of discharge")
* #XDIS18 "Udskrivningsrapport"
* insert Term(XDIS18, "Discharge report")
* #XDIS19 "Melding om færdigbehandling"
* insert Term(XDIS19, "Ready-for-discharge notice")
* #XDIS20 "Indlæggelsesadvis"
* insert Term(XDIS20, "Notification of admission")
* #XDIS21 "Plejeforløbsplan"
* insert Term(XDIS21, "Care pathway plan")
* #XDIS91 "Korrespondancemeddelelse"
* insert Term(XDIS91, "Correspondence")
* #XCTL01 "Negativ VANS-kvittering" "Brevet kunne ikke afleveres. The letter could not be delivered."
* insert Term(XCTL01, "Negative VANS receipt")
* #XCTL02 "Negativ kvittering" "Modtageren afviste brevet. The receiver refused the letter."
* insert Term(XCTL02, "Negative receipt")
* #XCTL03 "Positiv kvittering" "Modtageren har brevet. The receiver has the letter."
* insert Term(XCTL03, "Positive receipt")

CodeSystem: NursingProblemArea
Id: nursing-problem-area
Title: "Sygeplejefaglige problemområder i breve"
Description: "De elleve områder, som brevene XDIS16, XDIS18 og XDIS21 bruger. FSIII-koden står ved siden af. The eleven areas that the letters use; the code of FSIII stands beside it."
* insert Danish
* #A-12345 "Bevægeapparat og aktuel funktionsevne"
* insert Term(A-12345, "Musculoskeletal system and present functional ability")
* #B-12345 "Ernæring"
* insert Term(B-12345, "Nutrition")
* #C-12345 "Hud og slimhinder"
* insert Term(C-12345, "Skin and mucous membranes")
* #D-12345 "Kommunikation"
* insert Term(D-12345, "Communication")
* #E-12345 "Psykosociale forhold"
* insert Term(E-12345, "Psychosocial circumstances")
* #F-12345 "Respiration og cirkulation"
* insert Term(F-12345, "Respiration and circulation")
* #G-12345 "Seksualitet"
* insert Term(G-12345, "Sexuality")
* #H-12345 "Smerter og sanseindtryk"
* insert Term(H-12345, "Pain and sensory impressions")
* #I-12345 "Søvn og hvile"
* insert Term(I-12345, "Sleep and rest")
* #J-12345 "Viden og udvikling"
* insert Term(J-12345, "Knowledge and development")
* #K-12345 "Udskillelse af affaldsstoffer"
* insert Term(K-12345, "Excretion of waste products")
