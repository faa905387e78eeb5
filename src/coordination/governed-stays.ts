import type { PlanDefinition, Resource } from '@medplum/fhirtypes';
import { parseSearch } from '../fhir/search/parse.ts';
import type { Reader, Written } from '../store/store.ts';
import { isAgreement } from './agreement.ts';
import { pages } from './facts/lookup.ts';

/** Stays planned at a time when an agreement changes. */
const BATCH = '500';

/** Whether an agreement is among the writes: new, changed, withdrawn or no agreement any more. */
export function touchesAgreements(written: readonly Written[]): boolean {
  return written.some(
    ({ type, outcome, previous, resource }) =>
      type === 'PlanDefinition' && outcome !== 'unchanged' && [previous, resource].some(isAgreementResource),
  );
}

function isAgreementResource(resource: Resource | undefined): boolean {
  return resource?.resourceType === 'PlanDefinition' && isAgreement(resource as PlanDefinition);
}

/**
 * All stays that belong to a course, in batches: those that an agreement can rule. Which of them a changed agreement
 * touches follows from citizen, region and day; planning finds that out and leaves the others as they are.
 */
export async function* governedStays(reader: Reader): AsyncGenerator<string[]> {
  const query = parseSearch('Encounter', [
    ['episode-of-care:missing', 'false'],
    ['_count', BATCH],
  ]);
  for await (const page of pages(reader, query)) {
    yield page.map(({ id }) => id).filter((id) => id !== undefined);
  }
}
