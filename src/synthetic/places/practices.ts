import { MUNICIPALITIES, type Municipality } from './municipalities.ts';

export interface Practice {
  readonly key: string;
  readonly name: string;
  /** Six digits; the 99xxxx series, which no practice has. */
  readonly ydernummer: string;
  readonly municipality: Municipality;
}

const NAMES = ['Lægehuset', 'Lægerne ved Torvet', 'Lægeklinikken'];

/** Three invented practices in each municipality. */
export const PRACTICES: readonly Practice[] = MUNICIPALITIES.flatMap((municipality, index) =>
  NAMES.map((name, number) => ({
    key: `practice-${municipality.code}-${number + 1}`,
    name: `${name}, ${municipality.name} (test)`,
    ydernummer: String(990000 + index * NAMES.length + number),
    municipality,
  })),
);

/** The practices of one municipality. */
export function practicesIn(code: string): readonly Practice[] {
  return PRACTICES.filter((practice) => practice.municipality.code === code);
}
