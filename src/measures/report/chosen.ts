import { badRequest } from '../../fhir/outcome.ts';
import type { CompiledGroup, CompiledStratifier } from '../compile/compiled-measure.ts';
import type { GroupTally } from './tally.ts';

/** Codes of the stratifiers that a report is to have, each with the only values wanted, or undefined for all of them. */
export type ChosenStratifiers = ReadonlyMap<string, ReadonlySet<string> | undefined>;

type Groups = readonly CompiledGroup[];

/** Whether a stratifier is wanted, or which of its values alone; all are where nothing is chosen. */
export function isChosen(
  stratifier: CompiledStratifier | undefined,
  chosen: ChosenStratifiers | undefined,
): boolean | ReadonlySet<string> {
  if (chosen === undefined) return true;
  const code = codesOf(stratifier).find((one) => chosen.has(one));
  return code === undefined ? false : (chosen.get(code) ?? true);
}

/** Groups and their tallies with the chosen stratifiers and values alone. */
export function withChosen(
  groups: Groups,
  tallies: readonly GroupTally[],
  chosen: ChosenStratifiers | undefined,
): { readonly groups: Groups; readonly tallies: readonly GroupTally[] } {
  if (chosen === undefined) return { groups, tallies };
  const asked = groups.map(({ stratifiers }) => stratifiers.map((one) => isChosen(one, chosen)));
  const kept = <T>(group: number, list: readonly T[]): T[] =>
    list.filter((_, at) => asked[group]?.[at] !== false);
  const keptStrata = <T>(group: number, list: readonly Map<string, T>[]): Map<string, T>[] =>
    kept(
      group,
      list.map((strata, at) => {
        const values = asked[group]?.[at];
        return typeof values === 'object'
          ? new Map([...strata].filter(([value]) => values.has(value)))
          : strata;
      }),
    );
  return {
    groups: groups.map((group, index) => ({ ...group, stratifiers: kept(index, group.stratifiers) })),
    tallies: tallies.map((tally, index) => ({
      ...tally,
      strata: keptStrata(index, tally.strata),
      strataObservations: keptStrata(index, tally.strataObservations),
    })),
  };
}

/** @throws FhirError 400 for a stratifier that none of the Measures has */
export function checkChosen(
  measures: readonly { readonly groups: Groups }[],
  chosen: ChosenStratifiers | undefined,
): void {
  const known = new Set(
    measures.flatMap(({ groups }) => groups.flatMap(({ stratifiers }) => stratifiers.flatMap(codesOf))),
  );
  if ([...(chosen?.keys() ?? [])].every((code) => known.has(code))) return;
  throw badRequest(
    known.size === 0
      ? 'There are no stratifiers with a code here: ask for none'
      : `The stratifiers are ${[...known].join(', ')}`,
    [...(chosen?.values() ?? [])].some((values) => values !== undefined)
      ? 'Parameters.stratum'
      : 'Parameters.stratifier',
    'not-found',
  );
}

function codesOf(stratifier: CompiledStratifier | undefined): string[] {
  return (stratifier?.code?.coding ?? []).flatMap(({ code }) => code ?? []);
}
