import type { PlanDefinition } from '@medplum/fhirtypes';
import { regionByCode } from '../../coordination/regions.ts';
import { CODE_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import { pages } from '../pages.ts';
import type { AgreementInForce } from './model.ts';

const AGREEMENT = `${OVERGANG}/PlanDefinition/agreement-`;

/** The agreements in force on some day of the year, the default first. */
export async function agreementsOf(reader: Reader, year: number): Promise<AgreementInForce[]> {
  const found: (AgreementInForce & { readonly code: string })[] = [];
  for await (const page of pages<PlanDefinition>(reader, 'PlanDefinition', [])) {
    for (const plan of page) {
      const { start, end } = plan.effectivePeriod ?? {};
      const inForce =
        (start === undefined || start.slice(0, 4) <= String(year)) &&
        (end === undefined || end.slice(0, 4) >= String(year));
      if (plan.url?.startsWith(AGREEMENT) !== true || plan.status !== 'active' || !inForce) continue;
      const code =
        plan.jurisdiction
          ?.flatMap(({ coding }) => coding ?? [])
          .find(({ system }) => system === CODE_SYSTEM.region)?.code ?? '';
      found.push({
        url: plan.url,
        version: plan.version ?? '',
        title: plan.title ?? plan.name ?? '',
        area: regionByCode(code)?.name ?? 'Hvor ingen anden gælder',
        code,
      });
    }
  }
  found.sort((a, b) => a.code.localeCompare(b.code) || a.version.localeCompare(b.version));
  return found.map(({ code: _code, ...agreement }) => agreement);
}
