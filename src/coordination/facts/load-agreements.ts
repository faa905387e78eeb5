import type { PlanDefinition } from '@medplum/fhirtypes';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Reader } from '../../store/store.ts';
import { type Agreement, isAgreement, readAgreement } from '../agreement.ts';
import { DEFAULT_JURISDICTION } from '../agreement-selection.ts';
import { memoryOf } from '../memory/memory.ts';
import { REGIONS } from '../regions.ts';

/** Agreements by their stored text: they change seldom and are asked for at every write. */
const parsed = new Map<string, Agreement | undefined>();
const REMEMBERED = 1000;

const JURISDICTIONS = [DEFAULT_JURISDICTION, ...REGIONS.map(({ code }) => code)];

/** Whether a PlanDefinition is active and made for somewhere: what the search of loadAgreements finds. */
export function inUse({ status, jurisdiction }: PlanDefinition): boolean {
  return (
    status === 'active' &&
    (jurisdiction ?? []).some((concept) =>
      concept.coding?.some(({ code }) => JURISDICTIONS.includes(code ?? '')),
    )
  );
}

/**
 * The agreements that are in use: status `active` (one that has ended stays active with the end of its effective
 * period, so that past stays keep it; `retired` withdraws it altogether).
 */
export async function loadAgreements(reader: Reader): Promise<readonly Agreement[]> {
  const remembered = memoryOf(reader)?.agreements();
  if (remembered !== undefined) return remembered;
  const query = parseSearch('PlanDefinition', [
    ['status', 'active'],
    ['jurisdiction', JURISDICTIONS.join(',')],
    ['_count', '1000'],
  ]);
  const agreements: Agreement[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.search(cursor === undefined ? query : { ...query, cursor });
    for (const { content } of page.matches) {
      const agreement = agreementIn(content);
      if (agreement !== undefined) agreements.push(agreement);
    }
    cursor = page.next;
  } while (cursor !== undefined);
  return agreements;
}

function agreementIn(content: string): Agreement | undefined {
  if (!parsed.has(content)) {
    if (parsed.size >= REMEMBERED) parsed.clear();
    const plan = JSON.parse(content) as PlanDefinition;
    parsed.set(content, isAgreement(plan) ? readAgreement(plan) : undefined);
  }
  return parsed.get(content);
}
