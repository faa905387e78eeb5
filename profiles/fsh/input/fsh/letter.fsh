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
