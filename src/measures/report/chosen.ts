import { badRequest } from '../../fhir/outcome.ts';
import type { CompiledGroup, CompiledStratifier } from '../compile/compiled-measure.ts';
import type { GroupTally } from './tally.ts';

/** Codes of the stratifiers that a report is to have; undefined: all. */
export type ChosenStratifiers = ReadonlySet<string> | undefined;

type Groups = readonly CompiledGroup[];

export function isChosen(stratifier: CompiledStratifier | undefined, chosen: ChosenStratifiers): boolean {
  return chosen === undefined || codesOf(stratifier).some((code) => chosen.has(code));
}

/** Groups and their tallies with the chosen stratifiers alone. */
export function withChosen(
  groups: Groups,
  tallies: readonly GroupTally[],
  chosen: ChosenStratifiers,
): { readonly groups: Groups; readonly tallies: readonly GroupTally[] } {
  if (chosen === undefined) return { groups, tallies };
  const kept = <T>(group: number, list: readonly T[]): T[] =>
    list.filter((_, at) => isChosen(groups[group]?.stratifiers[at], chosen));
  return {
    groups: groups.map((group, index) => ({ ...group, stratifiers: kept(index, group.stratifiers) })),
    tallies: tallies.map((tally, index) => ({
      ...tally,
      strata: kept(index, tally.strata),
      strataObservations: kept(index, tally.strataObservations),
    })),
  };
}

/** @throws FhirError 400 for a stratifier that none of the Measures has */
export function checkChosen(
  measures: readonly { readonly groups: Groups }[],
  chosen: ChosenStratifiers,
): void {
  const known = new Set(
    measures.flatMap(({ groups }) => groups.flatMap(({ stratifiers }) => stratifiers.flatMap(codesOf))),
  );
  if ([...(chosen ?? [])].every((code) => known.has(code))) return;
  throw badRequest(
    known.size === 0
      ? 'There are no stratifiers with a code here: leave stratifier out'
      : `stratifier is none, or one of ${[...known].join(', ')}`,
    'Parameters.stratifier',
    'not-found',
  );
}

function codesOf(stratifier: CompiledStratifier | undefined): string[] {
  return (stratifier?.code?.coding ?? []).flatMap(({ code }) => code ?? []);
}
