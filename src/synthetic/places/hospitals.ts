import type { Region } from '../agreement-facts.ts';

export interface Hospital {
  /** Stable name for identifiers, lower-case ASCII. */
  readonly key: string;
  readonly name: string;
  readonly region: Region;
  readonly departments: readonly string[];
}

export const REGION_NAMES: Readonly<Record<Region, string>> = {
  'DK-81': 'Region Nordjylland',
  'DK-82': 'Region Midtjylland',
  'DK-83': 'Region Syddanmark',
  'DK-84': 'Region Hovedstaden',
  'DK-85': 'Region Sjælland',
};

const DEPARTMENTS = [
  'Akutafdelingen',
  'Medicinsk Afdeling',
  'Geriatrisk Afdeling',
  'Ortopædkirurgisk Afdeling',
  'Lungemedicinsk Afdeling',
];

/**
 * Invented hospitals, named as tests after a town: planted quality figures must not look like those of a real one.
 */
const TOWNS: Readonly<Record<Region, readonly string[]>> = {
  'DK-81': ['Aalborg', 'Hjørring', 'Thisted', 'Hobro'],
  'DK-82': ['Aarhus', 'Horsens', 'Randers', 'Viborg', 'Gødstrup'],
  'DK-83': ['Odense', 'Esbjerg', 'Kolding', 'Aabenraa'],
  'DK-84': ['Herlev', 'Hvidovre', 'Bispebjerg', 'Hillerød', 'Rønne'],
  'DK-85': ['Roskilde', 'Slagelse', 'Holbæk', 'Nykøbing'],
};

const ascii = (text: string): string =>
  text.toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'oe').replaceAll('å', 'aa');

export const HOSPITALS: readonly Hospital[] = (
  Object.entries(TOWNS) as [Region, readonly string[]][]
).flatMap(([region, towns]) =>
  towns.map((town) => ({
    key: `hospital-${ascii(town)}`,
    name: `Testsygehus ${town}`,
    region,
    departments: DEPARTMENTS,
  })),
);
