RuleSet: Naming(id, kind)
* kind = #{kind}
* status = #active
* date = "2026-11-22"
* publisher = "Overgang"
* responsible = "Overgang"
* uniqueId.type = #uri
* uniqueId.value = "https://overgang.dk/fhir/NamingSystem/{id}"
* uniqueId.preferred = true

Instance: stay-episode
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(stay-episode, identifier)
* name = "StayEpisode"
* description = "Et opholds forløbs-id til genfinding: små hexcifre uden bindestreger. A stay's episode identifier for matching: lower-case hex without hyphens."

Instance: letter-episode
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(letter-episode, identifier)
* name = "LetterEpisode"
* description = "EpisodeOfCareIdentifier, som et brev skriver det. EpisodeOfCareIdentifier as a letter writes it."

Instance: notification
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(notification, identifier)
* name = "NotificationNumber"
* description = "Afsender og NotificationIdentifier på et ældre advis (XDIS20, XDIS17). Sender and NotificationIdentifier of an older notification."

Instance: message
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(message, identifier)
* name = "MessageIdentity"
* description = "En meddelelses MessageHeader.id, eller et brevs afsender og brevnummer. MessageHeader.id of a message, or sender and identifier of a letter."

Instance: replaced-message
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(replaced-message, identifier)
* name = "ReplacedMessage"
* description = "Den meddelelse, som en anden retter eller trækker tilbage. The message that another one corrects or takes back."

Instance: sygehusafdelingsnummer
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(sygehusafdelingsnummer, identifier)
* name = "DepartmentNumber"
* description = "Sygehusafdelingsnummer (SHAK), som breve bruger det. Hospital department number (SHAK) as letters use it."

Instance: national-parameter
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(national-parameter, identifier)
* name = "NationalParameter"
* description = "De nationale parametres korte navne, P1 til P6. The short names of the national parameters, P1 to P6."

Instance: yearly-report
InstanceOf: NamingSystem
Usage: #definition
* insert Naming(yearly-report, identifier)
* name = "YearlyReport"
* description = "Årsrapporter: år og opgørelsesdag. Yearly reports: year and day of account."
