import type { Encounter, Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../../fhir/canonical.ts';
import type { Agreement } from '../agreement.ts';
import { agreementFor } from '../agreement-selection.ts';
import { agreedDischarge } from '../anchors.ts';
import type { Calendar } from '../calendar.ts';
import { municipalityOf } from '../citizen-municipality.ts';
import type { Day } from '../day.ts';
import { momentOf } from '../moment.ts';
import { regionOfMunicipality } from '../regions.ts';
import type { Agreements, StayFacts } from './facts.ts';
import { identifierKey, idIn } from './references.ts';

/**
 * The agreements that rule a stay: the one in force on the day of admission, and the one on the day of discharge.
 * Until the discharge has happened, the day agreed for it stands in, and until one is agreed the day of admission.
 */
export function agreementsOf(
  facts: Pick<StayFacts, 'stay' | 'patient' | 'plans' | 'organizations'>,
  agreements: readonly Agreement[],
  calendar: Calendar,
): Agreements {
  const dayOf = (time: string | undefined): Day | undefined => {
    const moment = momentOf(time, calendar);
    return moment === undefined ? undefined : calendar.dayOf(moment.latest);
  };
  const on = (day: Day | undefined) =>
    day === undefined ? undefined : agreementFor(agreements, regionOf(facts, day, calendar), day)?.plan;
  const admission = dayOf(facts.stay.period?.start);
  const atAdmission = on(admission);
  const atDischarge = on(dayOf(facts.stay.period?.end) ?? dayOf(agreedDischarge(facts)) ?? admission);
  return {
    ...(atAdmission === undefined ? {} : { atAdmission }),
    ...(atDischarge === undefined ? {} : { atDischarge }),
  };
}

/** Code of the region of the citizen's municipality on a day, else that of the hospital. */
export function regionOf(
  facts: {
    readonly stay: Encounter;
    readonly patient?: Patient;
    readonly organizations: readonly Organization[];
  },
  day: Day,
  calendar: Calendar,
): string | undefined {
  const code = municipalityOf(facts.patient, day, calendar);
  const ofCitizen = code === undefined ? undefined : regionOfMunicipality(code, day)?.code;
  return ofCitizen ?? hospitalRegion(facts.stay, facts.organizations, day);
}

/** The region above the service provider: an organisation with a region code, else the municipality of an address. */
function hospitalRegion(
  stay: Encounter,
  organizations: readonly Organization[],
  day: Day,
): string | undefined {
  const chain = partOfChain(stay, organizations);
  for (const organization of chain) {
    const region = organization.identifier?.find(({ system }) => system === CODE_SYSTEM.region)?.value;
    if (region !== undefined) return region;
  }
  for (const organization of chain) {
    const municipality = organization.address
      ?.flatMap(({ extension }) => extension ?? [])
      .find(({ url }) => url === EXTENSION.municipalityCode)?.valueCodeableConcept?.coding?.[0]?.code;
    const region = municipality === undefined ? undefined : regionOfMunicipality(municipality, day)?.code;
    if (region !== undefined) return region;
  }
  return undefined;
}

/** The service provider and what it is part of, bottom up; ends at a loop. */
function partOfChain(stay: Encounter, organizations: readonly Organization[]): Organization[] {
  const chain: Organization[] = [];
  let reference = stay.serviceProvider;
  while (reference !== undefined) {
    const id = idIn(reference, 'Organization');
    const key = identifierKey(reference.identifier);
    const next = organizations.find((organization) =>
      id === undefined
        ? key !== undefined &&
          organization.identifier?.some((identifier) => identifierKey(identifier) === key)
        : organization.id === id,
    );
    if (next === undefined || chain.includes(next)) break;
    chain.push(next);
    reference = next.partOf;
  }
  return chain;
}
