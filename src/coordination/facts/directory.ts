import type { Organization, Reference } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Reader, ResourceKey } from '../../store/store.ts';
import type { Agreement } from '../agreement.ts';
import type { Calendar } from '../calendar.ts';
import { agreementsOf } from './agreements-of.ts';
import { municipalitiesNamed, organizationsNamed } from './contents.ts';
import type { StayFacts } from './facts.ts';
import { loadAgreements } from './load-agreements.ts';
import { identified } from './lookup.ts';
import { municipalitiesIn, organizationsIn, withParents } from './of-stay.ts';
import { loadParents } from './parents.ts';
import { createPool } from './pool.ts';
import { identifierKey, idIn, logicalIdentifier } from './references.ts';
import type { Piece } from './sort-contents.ts';

/** The organisations and agreements that the stays of a batch share. */
export interface Directory {
  /** Reads in few round trips most of what stays with these contents (contents.ts) will ask for. */
  expect(contents: readonly string[]): Promise<void>;
  /** Adds organisations and agreements to the facts of stays. */
  complete(pieces: readonly Piece[], calendar: Calendar): Promise<StayFacts[]>;
}

/** An organisation by its id, or by an identifier. */
type Wanted = Reference;

export function createDirectory(reader: Reader): Directory {
  const pool = createPool();
  const asked = new Set<string>();
  let agreements: readonly Agreement[] | undefined;

  /** Whether it is asked for the first time. Most references are literal, and written the same each time. */
  const isNew = (reference: Wanted): boolean => {
    const name = reference.reference ?? identifierKey(reference.identifier);
    if (name === undefined || asked.has(name)) return false;
    asked.add(name);
    return true;
  };
  const load = async (wanted: readonly Wanted[]): Promise<void> => {
    const keys: ResourceKey[] = wanted.flatMap((reference) => {
      const id = idIn(reference, 'Organization');
      return id === undefined ? [] : [{ type: 'Organization', id }];
    });
    const before = new Set(pool.all<Organization>('Organization'));
    await pool.read(reader, keys);
    const logical = wanted.map(logicalIdentifier).filter((identifier) => identifier !== undefined);
    if (logical.length > 0) pool.add(await identified(reader, [['Organization', 'identifier']], logical));
    const found = pool.all<Organization>('Organization').filter((one) => !before.has(one));
    await loadParents(reader, found, pool);
  };

  return {
    expect: (contents) =>
      load(
        [
          ...[...organizationsNamed(contents)].map((id) => ({ reference: `Organization/${id}` })),
          ...[...municipalitiesNamed(contents)].map((value) => ({
            identifier: { system: CODE_SYSTEM.municipality, value },
          })),
        ].filter(isNew),
      ),
    complete: async (pieces, calendar) => {
      const references = pieces.map((piece) => [
        ...organizationsIn(piece),
        ...municipalitiesIn(piece.stay, piece.patient, calendar),
      ]);
      const wanted: Wanted[] = [];
      for (const some of references) {
        for (const one of some) if (one !== undefined && isNew(one)) wanted.push(one);
      }
      if (wanted.length > 0) await load(wanted);
      agreements ??= await loadAgreements(reader);
      const known = agreements;
      return pieces.map((piece, index) => {
        const facts = { ...piece, organizations: withParents(references[index] ?? [], pool) };
        return { ...facts, agreements: agreementsOf(facts, known, calendar) };
      });
    },
  };
}
