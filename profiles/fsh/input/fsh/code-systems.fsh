CodeSystem: Exchange
Id: exchange
Title: "Udvekslinger og planer"
Description: "Hvad sygehus og kommune sender hinanden og aftaler om et ophold. What hospital and municipality send each other and agree about a stay."
* insert Danish
* #admission-report "Indlæggelsesrapport" "Kommunens oplysninger til sygehuset ved en indlæggelse (XDIS16). What the municipality tells the hospital at an admission."
* insert Term(admission-report, "Admission report")
* #discharge-plan "Fælles plan for udskrivelsen" "Plan, som sygehus og kommune har aftalt inden udskrivelsen. Plan that hospital and municipality agreed before the discharge."
* insert Term(discharge-plan, "Joint discharge plan")
* #care-pathway-plan "Plejeforløbsplan" "Sygehusets forventning til forløbet og plejebehovet (XDIS21). The hospital's expectation of course and care needs."
* insert Term(care-pathway-plan, "Care pathway plan")
* #ready-for-discharge "Melding om færdigbehandling" "Sygehusets melding til kommunen om, at borgeren er færdigbehandlet (XDIS19). The hospital's notice that the treatment is finished."
* insert Term(ready-for-discharge, "Ready-for-discharge notice")
* #discharge-report "Udskrivningsrapport" "Sygehusets oplysninger til kommunen ved udskrivelsen (XDIS18). What the hospital tells the municipality at the discharge."
* insert Term(discharge-report, "Discharge report")
* #discharge-letter "Udskrivningsbrev" "Epikrise til den praktiserende læge (XDIS01). Discharge letter to the general practitioner."
* insert Term(discharge-letter, "Discharge letter")

CodeSystem: ExchangeSection
Id: exchange-section
Title: "Afsnit i en udveksling"
Description: "Hvad et afsnit handler om. What a section of an exchange is about."
* insert Danish
* #relatives "Pårørende"
* insert Term(relatives, "Relatives")
* #services "Aktuelle ydelser"
* insert Term(services, "Current services")
* #medicine "Medicin"
* insert Term(medicine, "Medicine")
* #functional-ability "Funktionsevne"
* insert Term(functional-ability, "Functional ability")
* #nursing-areas "Sygeplejefaglige problemområder"
* insert Term(nursing-areas, "Nursing problem areas")
* #cause "Årsag"
* insert Term(cause, "Cause")
* #contact "Kontaktoplysninger"
* insert Term(contact, "Contact details")
* #diagnoses "Diagnoser"
* insert Term(diagnoses, "Diagnoses")
* #treatment "Behandling"
* insert Term(treatment, "Treatment")
* #aids "Hjælpemidler"
* insert Term(aids, "Aids")
* #diet "Kost"
* insert Term(diet, "Diet")
* #infection-risk "Smitterisiko"
* insert Term(infection-risk, "Risk of infection")
* #health-summary "Helbredsresumé"
* insert Term(health-summary, "Health summary")
* #coordination "Koordination og aftaler"
* insert Term(coordination, "Coordination and appointments")
* #clinical-information "Kliniske oplysninger"
* insert Term(clinical-information, "Clinical information")

CodeSystem: CourseType
Id: course-type
Title: "Forløbstype"
Description: "Hvad et EpisodeOfCare dækker. What an EpisodeOfCare covers."
* insert Danish
* #coordination "Koordinationsforløb" "Forløb med en navngiven koordinator på tværs af sektorer. A course with a named coordinator across sectors."
* insert Term(coordination, "Coordination course")
* #municipal-services "Kommunale ydelser" "Borgeren modtager kommunal pleje eller sygepleje. The citizen receives municipal care or nursing."
* insert Term(municipal-services, "Municipal services")

CodeSystem: OrganisationType
Id: organisation-type
Title: "Organisationstype"
Description: "Hvilken del organisationen har i forløbet. What part the organisation has in a course."
* insert Danish
* #region "Region"
* insert Term(region, "Region")
* #hospital "Sygehus"
* insert Term(hospital, "Hospital")
* #department "Afdeling"
* insert Term(department, "Department")
* #municipality "Kommune"
* insert Term(municipality, "Municipality")
* #general-practice "Almen praksis"
* insert Term(general-practice, "General practice")
* #coordination-unit "Forløbskoordinatorfunktion"
* insert Term(coordination-unit, "Coordination unit")

CodeSystem: InclusionBasisCode
Id: inclusion-basis
Title: "Grundlag for inklusion"
Description: "Hvordan borgeren kom i forløbet. How the citizen was included."
* insert Danish
* #rule "Kriterier" "Aftalens kriterier var opfyldt. The criteria of the agreement were met."
* insert Term(rule, "Criteria")
* #judgement "Faglig vurdering" "En fagperson vurderede det ud over kriterierne. A professional judged so beyond the criteria."
* insert Term(judgement, "Professional judgement")

CodeSystem: Sector
Id: sector
Title: "Sektor"
Description: "Hvem der har tiltrådt en fælles plan. Who agreed to a joint plan."
* insert Danish
* #hospital "Sygehus"
* insert Term(hospital, "Hospital")
* #municipality "Kommune"
* insert Term(municipality, "Municipality")

CodeSystem: DeadlineAnchor
Id: deadline-anchor
Title: "Fristens udgangspunkt"
Description: "Hvornår en frist regnes fra. From when a deadline is counted."
* insert Danish
* #admission "Indlæggelse"
* insert Term(admission, "Admission")
* #discharge "Udskrivelse"
* insert Term(discharge, "Discharge")
* #end-of-treatment "Færdigbehandling"
* insert Term(end-of-treatment, "End of treatment")

CodeSystem: DeadlineRule
Id: deadline-rule
Title: "Fristens regel"
Description: "Hvordan en frist regnes. How a deadline is counted."
* insert Danish
* #after "Efter" "Udgangspunktet plus et tidsrum. The anchor plus an offset."
* insert Term(after, "After")
* #before "Før" "Inden udgangspunktet. Before the anchor itself."
* insert Term(before, "Before")
* #end-of-day "Samme dag" "Ved udgangen af udgangspunktets dag. By the end of the anchor's day."
* insert Term(end-of-day, "End of day")
* #end-of-day-before "Dagen før" "Ved udgangen af dagen før. By the end of the day before."
* insert Term(end-of-day-before, "End of the day before")
* #business-days "Hverdage" "Ved udgangen af den n'te hverdag efter. By the end of the n-th business day after."
* insert Term(business-days, "Business days")

CodeSystem: FollowUp
Id: follow-up
Title: "Opfølgning"
Description: "Opfølgning efter udskrivelsen. Follow-up after a discharge."
* insert Danish
* #home-visit "Opfølgende hjemmebesøg" "Besøg af praktiserende læge og kommunal sygeplejerske. Visit of general practitioner and municipal nurse."
* insert Term(home-visit, "Follow-up home visit")
* #telephone "Opfølgende telefonsamtale"
* insert Term(telephone, "Follow-up telephone call")
