import { withoutVersion } from '../definitions.ts';
import { isObject, type Json } from './json-object.ts';
import { checkProfile } from './profile/check-profile.ts';
import type { Run } from './run.ts';

/**
 * Holds a resource to the profiles it claims in meta.profile and to those that are asked for. A claim that cannot be
 * judged, since the profile is not known here, is a warning; one that was asked for is an error.
 */
export function checkClaims(run: Run, resource: Json, type: string, asked: readonly string[]): void {
  const { meta } = resource;
  const claimed: unknown[] = isObject(meta) && Array.isArray(meta.profile) ? meta.profile : [];
  if (claimed.length + asked.length === 0) {
    return;
  }
  const urls = new Set(asked);
  for (const url of claimed) {
    if (typeof url === 'string') {
      urls.add(withoutVersion(url));
    }
  }
  for (const url of urls) {
    checkClaim(run, resource, type, url, asked.includes(url));
  }
}

function checkClaim(run: Run, resource: Json, type: string, url: string, asked: boolean): void {
  const profile = run.context.profile(url);
  if (profile === undefined) {
    // The definition of the type itself is no profile; it has been checked.
    if (url !== `http://hl7.org/fhir/StructureDefinition/${type}`) {
      run.add(
        asked ? 'error' : 'warning',
        'not-found',
        `cannot be held to the profile ${url.slice(0, 300)}, which is not known here; load its package or store it here`,
      );
    }
  } else if (profile.type !== type) {
    run.error('value', `claims the profile ${url}, which is one of ${profile.type}`);
  } else {
    checkProfile(run, profile, resource);
  }
}
