import type { Holder } from './check-value.ts';
import type { Json } from './json-object.ts';
import { checkProfile } from './profile/check-profile.ts';
import type { ExtensionContext } from './profile/node.ts';
import type { Run } from './run.ts';

/**
 * R4's own extensions have been allowed in more places since (workflow-episodeOfCare on Task, standards-status on
 * CodeSystem), and HL7's own files use them there. A wrong place is told, but does not refuse the resource.
 */
const CORE = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * An extension: a value or extensions, never both (ext-1); a URL that is absolute, or the name that the extension
 * around it defines. Extensions whose definition is known are held to it and to the places it allows. Unknown ones
 * are data like any other, unless they modify the meaning of what they stand in.
 */
export function checkExtension(run: Run, extension: Json, holder: Holder, modifier: boolean): void {
  const { url } = extension;
  const valued = hasValue(extension);
  if (valued === (extension.extension !== undefined)) {
    run.error(
      'invariant',
      valued ? 'must have a value or extensions, not both (ext-1)' : 'needs a value or extensions (ext-1)',
    );
  }
  if (typeof url !== 'string' || url === '') {
    return;
  }
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(url)) {
    if (holder.extensionUrl === undefined) {
      run.enter('url');
      run.error('value', 'must be an absolute URL; only extensions within an extension have short names');
      run.leave();
    }
    return;
  }
  const profile = run.context.profile(url);
  if (profile === undefined) {
    if (modifier) {
      run.error(
        'extension',
        `modifies the meaning of its element in a way not known here (${url.slice(0, 200)}); it cannot be ignored`,
      );
    }
    return;
  }
  if (profile.contexts.length > 0 && !profile.contexts.some((context) => allows(context, holder))) {
    run.add(
      url.startsWith(CORE) ? 'warning' : 'error',
      'extension',
      `may not stand on ${holder.path}; its definition allows ${profile.contexts.map(({ expression }) => expression).join(', ')}`,
    );
  }
  if (profile.modifier !== undefined && profile.modifier !== modifier) {
    run.error(
      'extension',
      modifier ? 'is not a modifier; put it into extension' : 'is a modifier; put it into modifierExtension',
    );
  }
  checkProfile(run, profile, extension);
}

function hasValue(extension: Json): boolean {
  for (const key in extension) if (key.startsWith('value') || key.startsWith('_value')) return true;
  return false;
}

function allows(context: ExtensionContext, holder: Holder): boolean {
  if (context.type === 'extension') {
    return holder.extensionUrl === context.expression;
  }
  // A FHIRPath context selects elements of the whole resource: the place alone does not decide it.
  return (
    context.type === 'fhirpath' ||
    context.expression === 'Element' ||
    holder.path === context.expression ||
    holder.types.includes(context.expression) ||
    // R4 has no such type, but newer definitions name it.
    (context.expression === 'CanonicalResource' && holder.types.includes('DomainResource'))
  );
}
