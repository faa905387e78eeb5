import type { Address, Patient } from '@medplum/fhirtypes';
import { EXTENSION } from '../fhir/canonical.ts';
import type { Calendar } from './calendar.ts';
import type { Day } from './day.ts';
import { momentOf } from './moment.ts';

/**
 * The four-digit code of the municipality where the citizen lives on a day: of the addresses with a code that hold
 * on that day, home before other uses; a temporary or old address only when there is no other.
 */
export function municipalityOf(
  patient: Patient | undefined,
  day: Day,
  calendar: Calendar,
): string | undefined {
  let found: string | undefined;
  let rankOfFound = Number.POSITIVE_INFINITY;
  for (const address of patient?.address ?? []) {
    const code = codeOf(address);
    if (code === undefined || rank(address) >= rankOfFound || !holdsOn(address, day, calendar)) continue;
    found = code;
    rankOfFound = rank(address);
  }
  return found;
}

const RANKS: Readonly<Record<string, number>> = { home: 0, temp: 2, old: 3 };
const rank = (address: Address): number => RANKS[address.use ?? ''] ?? 1;

function codeOf(address: Address): string | undefined {
  return address.extension
    ?.find((extension) => extension.url === EXTENSION.municipalityCode)
    ?.valueCodeableConcept?.coding?.find((coding) => /^\d{4}$/.test(coding.code ?? ''))?.code;
}

function holdsOn(address: Address, day: Day, calendar: Calendar): boolean {
  if (address.period === undefined) return true;
  const start = momentOf(address.period.start, calendar);
  const end = momentOf(address.period.end, calendar);
  return (
    (start === undefined || start.earliest <= calendar.endOf(day)) &&
    (end === undefined || end.latest >= calendar.startOf(day))
  );
}
