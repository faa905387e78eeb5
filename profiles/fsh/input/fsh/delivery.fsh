CodeSystem: DeliveryStatus
Id: delivery-status
Title: "Afsendelsens tilstand"
Description: "Hvor langt et brev eller en meddelelse, som Overgang sender, er nået. How far a letter or message that Overgang sends has come."
* insert Danish
* #waiting "Venter" "Endnu ikke sendt, eller modtageren kunne ikke nås; sendes (igen), når tiden er inde. Not sent yet, or the receiver could not be reached; sent (again) when due."
* insert Term(waiting, "Waiting")
* #awaiting "Afventer kvittering" "Sendt, endnu uden kvittering; sendes igen, når tiden er inde. Sent, no receipt yet; sent again when due."
* insert Term(awaiting, "Awaiting receipt")
* #sent "Sendt" "Sendt; afsenderen beder ikke om positiv kvittering. Sent; the sender asks for no positive receipt."
* insert Term(sent, "Sent")
* #acknowledged "Kvitteret" "Modtageren har kvitteret. The receiver acknowledged it."
* insert Term(acknowledged, "Acknowledged")
* #in-error "Fejlet" "Afvist af modtageren eller VANS, eller opgivet efter sidste forsøg. Refused by the receiver or the network, or given up after the last attempt."
* insert Term(in-error, "In error")
