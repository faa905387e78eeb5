import type { List, MeasureReport } from '@medplum/fhirtypes';
import type { Verdict } from '../stays/verdict.ts';
import { isPopulationCode } from '../vocabulary.ts';
import { isMember } from './populations.ts';
import { bitsAt } from './tally.ts';

/**
 * Adds to a subject-list report who is in each population: contained Lists of the members (stays, with population
 * basis Encounter), referenced from `subjectResults`.
 */
export function addMembers(report: MeasureReport, verdicts: readonly Verdict[], asOf: string): void {
  const lists: List[] = [];
  for (const [index, group] of (report.group ?? []).entries()) {
    for (const population of group.population ?? []) {
      const code = population.code?.coding?.map((coding) => coding.code).find(isPopulationCode);
      if (code === undefined) continue;
      const members = verdicts.filter((verdict) =>
        isMember(bitsAt(verdict, verdict.groups[index]?.bits ?? 0, asOf), code, false),
      );
      const id = `group-${index + 1}-${code}`;
      lists.push({
        resourceType: 'List',
        id,
        status: 'current',
        mode: 'snapshot',
        ...(members.length === 0
          ? {}
          : { entry: members.map(({ member }) => ({ item: { reference: member } })) }),
      });
      population.subjectResults = { reference: `#${id}` };
    }
  }
  report.contained = [...(report.contained ?? []), ...lists];
}
