import type { DayNumber } from '../clock.ts';
import type { Random } from '../random.ts';
import type { ClinicalPicture } from './types.ts';

/** Diagnoses (SKS) with their Danish names and the medicines (ATC) that usually come with them. */
export const DIAGNOSES: Readonly<
  Record<string, { readonly name: string; readonly medicines: readonly string[] }>
> = {
  DJ449: { name: 'Kronisk obstruktiv lungesygdom', medicines: ['R03BB04', 'R03AK07'] },
  DI509: { name: 'Hjerteinsufficiens', medicines: ['C03CA01', 'C07AB02', 'C09AA02'] },
  DE119: { name: 'Type 2-diabetes', medicines: ['A10BA02'] },
  DI489: { name: 'Atrieflimren', medicines: ['B01AF02', 'C07AB02'] },
  DI109: { name: 'Essentiel hypertension', medicines: ['C08CA01', 'C09AA02'] },
  DF009: { name: 'Demens ved Alzheimers sygdom', medicines: ['N06DA02'] },
  DG209: { name: 'Parkinsons sygdom', medicines: ['N04BA02'] },
  DI639: { name: 'Hjerneinfarkt', medicines: ['B01AC04', 'C10AA05'] },
  DN189: { name: 'Kronisk nyreinsufficiens', medicines: ['C03CA01'] },
  DM819: { name: 'Osteoporose', medicines: ['M05BA04', 'A12AX01'] },
  DF329: { name: 'Depressiv enkeltepisode', medicines: ['N06AB04'] },
  DM179: { name: 'Artrose i knæ', medicines: ['N02BE01'] },
  DC349: { name: 'Kræft i lunge', medicines: ['N02AA01', 'A06AD11'] },
  DF102: { name: 'Alkoholafhængighed', medicines: ['A11DA01'] },
};

export const MEDICINES: Readonly<Record<string, string>> = {
  R03BB04: 'tiotropium',
  R03AK07: 'formoterol og budesonid',
  C03CA01: 'furosemid',
  C07AB02: 'metoprolol',
  C09AA02: 'enalapril',
  A10BA02: 'metformin',
  B01AF02: 'apixaban',
  C08CA01: 'amlodipin',
  N06DA02: 'donepezil',
  N04BA02: 'levodopa og decarboxylasehæmmer',
  B01AC04: 'clopidogrel',
  C10AA05: 'atorvastatin',
  M05BA04: 'alendronsyre',
  A12AX01: 'calcium og vitamin D',
  N06AB04: 'citalopram',
  N02BE01: 'paracetamol',
  N02AA01: 'morfin',
  A06AD11: 'lactulose',
  A11DA01: 'thiamin',
  A02BC01: 'omeprazol',
  N05CF01: 'zopiclon',
};

const COMMON = ['N02BE01', 'A02BC01', 'N05CF01', 'A06AD11'];

/** A citizen of the target group: several chronic illnesses, many medicines, frail, and scored shortly before the course. */
export function planClinicalPicture(random: Random, start: DayNumber, livesAlone: boolean): ClinicalPicture {
  const conditions = random.sample(Object.keys(DIAGNOSES), random.integer(2, 5));
  const medicines = new Set([
    ...conditions.flatMap((code) => DIAGNOSES[code]?.medicines ?? []),
    ...random.sample(COMMON, random.integer(0, 3)),
  ]);
  const frailty = Number(random.weighted({ 4: 8, 5: 22, 6: 38, 7: 24, 8: 8 }));
  // The frailer, the lower: about 15 points a step, in the index's steps of five.
  const barthel = Math.min(
    100,
    Math.max(0, 5 * Math.round((165 - 15 * frailty + random.integer(-15, 15)) / 5)),
  );
  return {
    conditions,
    medicines: [...medicines],
    scoredOn: start - random.integer(0, 20),
    frailty,
    ...(random.chance(0.75) ? { barthel } : {}),
    ...(livesAlone && random.chance(0.1) ? { spouseDied: start - random.integer(20, 600) } : {}),
  };
}
