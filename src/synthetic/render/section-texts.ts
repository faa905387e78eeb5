/** What a section of a letter says, in the words of its kind; the citizen's own circumstances are in the coded data. */
export const SECTION_TEXTS: Readonly<Record<string, string>> = {
  relatives: 'Pårørende er orienteret om indlæggelsen og deltager i planlægningen.',
  services: 'Personlig pleje morgen og aften, medicinadministration, madservice.',
  medicine: 'Fast medicin efter Fælles Medicinkort; dosisdispenseret, ingen ændringer siden sidst.',
  'functional-ability':
    'Går med rollator indendørs. Moderate begrænsninger i at vaske sig og i at forflytte sig.',
  'nursing-areas':
    'Ernæring: nedsat appetit. Hud og slimhinder: rødme ved sacrum. Smerter: ved mobilisering.',
  cause: 'Almen svækkelse med tiltagende åndenød gennem tre dage.',
  contact: 'Hjemmesygeplejen, visitationens vagttelefon, hverdage kl. 8–15.',
  diagnoses: 'Aktionsdiagnose og bidiagnoser som kodet på opholdet.',
  treatment: 'Behandlet med intravenøs væske og antibiotika; mobiliseret dagligt.',
  aids: 'Rollator, badebænk og forhøjet toilet; plejeseng bestilt.',
  diet: 'Energi- og proteinrig kost; madpakke med til de første 24 timer.',
  'infection-risk': 'Ingen kendt smitterisiko.',
  'health-summary': 'Kendt i hjemmeplejen; habituel tilstand beskrevet i seneste helbredsoverblik.',
  coordination: 'Udskrivningskonference aftalt med visitator; behov for genoptræning vurderes.',
  'clinical-information': 'Stabil ved afslutning; kontrol hos egen læge om en uge.',
};
