import type { Identifier, Patient } from '@medplum/fhirtypes';
import { citizenIdentifier, normaliseIdentifier } from '../parties/identifiers.ts';
import type { Needs } from './errand.ts';

/** What a message about a citizen (undefined: about none) needs to know of the citizen's case. */
export function caseNeeds(
  patient: Patient | undefined,
  stays: readonly Identifier[],
): Pick<Needs, 'citizen' | 'citizenTokens' | 'stayTokens'> {
  const identifier = patient === undefined ? undefined : citizenIdentifier(patient);
  const [citizen] = identifier === undefined ? [] : tokensOf([identifier]);
  return {
    ...(citizen === undefined ? {} : { citizen }),
    citizenTokens: tokensOf(patient?.identifier ?? []),
    stayTokens: tokensOf(stays),
  };
}

function tokensOf(identifiers: readonly Identifier[]) {
  return identifiers.flatMap((identifier) => {
    const { system = '', value } = normaliseIdentifier(identifier);
    return value === undefined || value === '' ? [] : [{ system, value }];
  });
}
