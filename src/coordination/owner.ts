import type { Organization, Reference } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../fhir/canonical.ts';
import type { Calendar } from './calendar.ts';
import { municipalityOf } from './citizen-municipality.ts';
import type { StayFacts } from './facts/facts.ts';
import { momentOf } from './moment.ts';
import { municipality } from './municipalities.ts';

/**
 * The organisation that owes an obligation, by the role that the agreement names (a code of organisation-type):
 * `municipality` is that of the citizen on the day of admission, `hospital` the stay's service provider,
 * `general-practice` the citizen's. A municipality that is not stored is named by its code.
 */
export function ownerOf(
  role: string | undefined,
  facts: StayFacts,
  calendar: Calendar,
): Reference<Organization> | undefined {
  switch (role) {
    case 'hospital':
    case 'department':
      return facts.stay.serviceProvider;
    case 'general-practice':
      return facts.patient?.generalPractitioner?.[0] as Reference<Organization> | undefined;
    case 'coordination-unit':
      return facts.course?.managingOrganization;
    case 'municipality':
      return municipalityOwner(facts, calendar);
    default:
      return undefined;
  }
}

function municipalityOwner(facts: StayFacts, calendar: Calendar): Reference<Organization> | undefined {
  const admission = momentOf(facts.stay.period?.start, calendar);
  if (admission === undefined) return undefined;
  const code = municipalityOf(facts.patient, calendar.dayOf(admission.latest), calendar);
  if (code === undefined) return undefined;
  const stored = facts.organizations.find((organization) =>
    organization.identifier?.some(
      ({ system, value }) => system === CODE_SYSTEM.municipality && value === code,
    ),
  );
  // The name by the code, not the stored one: a renamed organisation must not make its obligations differ.
  const name = municipality(code)?.name;
  return {
    ...(stored === undefined
      ? { identifier: { system: CODE_SYSTEM.municipality, value: code } }
      : { reference: `Organization/${stored.id}` }),
    ...(name === undefined ? {} : { display: name }),
  };
}
