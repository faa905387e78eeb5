import type { Coding } from '@medplum/fhirtypes';

/** FSIII: the municipalities' terminology (danish-domain B.2). */
const FSIII = 'urn:oid:1.2.208.176.2.21';
const SKS = 'urn:oid:1.2.208.176.2.4';
const MEDCOM_AREA = 'https://overgang.dk/fhir/CodeSystem/nursing-problem-area';

/** Functional ability: the letters' ICF codes to FSIII (danish-domain C.5). */
const ABILITY: Readonly<Record<string, readonly [string, string]>> = {
  FA510: ['J1.1', 'Vaske sig'],
  FA540: ['J1.3', 'Af- og påklædning'],
  FA530: ['J1.8', 'Gå på toilet'],
  FA420: ['J3.5', 'Forflytte sig'],
  FA460: ['J3.4', 'Færden i forskellige omgivelser'],
  FA560: ['J1.4', 'Drikke'],
  FA550: ['J1.6', 'Spise'],
};

/** The scale of functional ability, 0–4 (B1–B5 in the older spelling). */
const SCORE: Readonly<Record<string, readonly [string, string]>> = {
  ingen: ['B1', 'Ingen/ubetydelige begrænsninger'],
  lette: ['B2', 'Lette begrænsninger'],
  moderate: ['B3', 'Moderate begrænsninger'],
  svaere: ['B4', 'Svære begrænsninger'],
  totale: ['B5', 'Totale begrænsninger'],
};

/** Nursing problem areas by the letter of their code (A-12345 …) to FSIII. */
const AREA: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  A: [
    ['I2', 'Bevægeapparat'],
    ['I1', 'Funktionsniveau'],
  ],
  B: [['I3', 'Ernæring']],
  C: [['I4', 'Hud og slimhinder']],
  D: [['I5', 'Kommunikation']],
  E: [['I6', 'Psykosociale forhold']],
  F: [['I7', 'Respiration og cirkulation']],
  G: [['I8', 'Seksualitet, køn og kropsopfattelse']],
  H: [['I9', 'Smerter og sanseindtryk']],
  I: [['I10', 'Søvn og hvile']],
  J: [['I11', 'Viden og udvikling']],
  K: [['I12', 'Udskillelse af affaldsstoffer']],
};

/** The codings of a letter's item with `Terminology.Code`: its own and those of FSIII; none when it has no code. */
export function itemCodings(item: Readonly<Record<string, string>>): readonly Coding[] {
  const code = item['Terminology.Code'];
  if (code === undefined) return [];
  const display = item['Terminology.CodeDescription'];
  const own = (system: string): Coding => ({ system, code, ...(display === undefined ? {} : { display }) });
  const ability = ABILITY[code];
  if (ability !== undefined) return [own(SKS), fsiii(ability)];
  const areas = /^[A-K]-/.test(code) ? AREA[code[0]!] : undefined;
  return areas === undefined ? [own(SKS)] : [own(MEDCOM_AREA), ...areas.map(fsiii)];
}

/** The score of a functional ability on FSIII's scale; undefined for a word that is not on it. */
export function scoreCoding(item: Readonly<Record<string, string>>): Coding | undefined {
  const score = SCORE[(item.Score ?? '').toLowerCase()];
  return score === undefined ? undefined : fsiii(score);
}

function fsiii([code, display]: readonly [string, string]): Coding {
  return { system: FSIII, code, display };
}
