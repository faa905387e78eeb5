import type { Communication } from '@medplum/fhirtypes';
import { EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { Change } from '../../store/store.ts';
import { sameResource } from '../same-resource.ts';
import { MEDCOM_SYSTEM } from '../vocabulary.ts';

type Told = Communication & { readonly id: string };

/**
 * Ties a new message into the citizen's correspondence, whatever order it came in: replies point at what they
 * answer, a modification corrects what it modifies, what was retracted is entered in error.
 */
export function linkThread(stored: readonly Told[], added: Told): readonly Change[] {
  const all = [...stored, added];
  const byHeader = new Map(all.map((each) => [headerOf(each), each]));
  const retracted = new Set(
    all.filter((each) => activityOf(each) === 'retract-message').flatMap(predecessorsOf),
  );
  return all.flatMap((each): Change[] => {
    const linked = link(each, byHeader, retracted.has(headerOf(each) ?? ''));
    if (each === added) return [{ op: 'create', resource: linked }];
    return sameResource(each, linked) ? [] : [{ op: 'update', resource: linked }];
  });
}

function link(each: Told, byHeader: ReadonlyMap<string | undefined, Told>, isRetracted: boolean): Told {
  const answered = (each.inResponseTo ?? []).map((reference) => {
    const target = byHeader.get(reference.identifier?.value);
    return target === undefined ? reference : { ...reference, reference: `Communication/${target.id}` };
  });
  const corrected =
    activityOf(each) === 'modified-message' ? answered.find((reference) => reference.reference) : undefined;
  const others = (each.extension ?? []).filter((extension) => extension.url !== EXTENSION.corrects);
  const extension = [
    ...others,
    ...(corrected?.reference === undefined
      ? []
      : [{ url: EXTENSION.corrects, valueReference: { reference: corrected.reference } }]),
  ];
  return {
    ...each,
    ...(extension.length === 0 ? {} : { extension }),
    ...(answered.length === 0 ? {} : { inResponseTo: answered }),
    ...(isRetracted ? { status: 'entered-in-error' as const } : {}),
  };
}

function headerOf(each: Told): string | undefined {
  return each.identifier?.find((identifier) => identifier.system === IDENTIFIER_SYSTEM.message)?.value;
}

function predecessorsOf(each: Told): readonly string[] {
  return (each.inResponseTo ?? []).flatMap((reference) => reference.identifier?.value ?? []);
}

function activityOf(each: Told): string | undefined {
  return each.category
    ?.flatMap((category) => category.coding ?? [])
    .find((coding) => coding.system === MEDCOM_SYSTEM.activity)?.code;
}
