import type { ValueSet, ValueSetExpansionContains, ValueSetExpansionParameter } from '@medplum/fhirtypes';
import type { DefinitionSource } from '../definitions.ts';
import { badRequest } from '../outcome.ts';
import { URL_NAMESPACE, uuidV5 } from '../uuid.ts';
import { findValueSet } from './find.ts';
import { displayOf, languageRanges, namesOf } from './language.ts';
import { type Member, membersOf } from './members.ts';

/** The parameters of $expand that are understood (R4 valueset-operation-expand.html). */
export interface ExpandOptions {
  /** Words that the code or one of its names must contain, in any case and order. */
  readonly filter?: string;
  readonly count?: number;
  readonly offset?: number;
  /** Language ranges, best first, as in Accept-Language. */
  readonly displayLanguage?: string;
  readonly activeOnly?: boolean;
  readonly includeDesignations?: boolean;
  /** Of `timestamp`; the time of the call when absent. */
  readonly now?: string;
}

/**
 * A value set with its expansion: flat, in the order of its definition. Abstract concepts are listed as such.
 * @param valueSet its URL, or a value set at hand
 * @throws FhirError 404 for an unknown one, 400 for wrong options, 422 when its codes cannot be listed here
 */
export function expandValueSet(
  source: DefinitionSource,
  valueSet: string | ValueSet,
  options: ExpandOptions = {},
): ValueSet {
  const found = typeof valueSet === 'string' ? findValueSet(source, valueSet) : valueSet;
  const { count, offset = 0 } = options;
  for (const [name, value] of Object.entries({ count, offset })) {
    if (value !== undefined && (!Number.isInteger(value) || value < 0)) {
      throw badRequest(`${name} must be a whole number from 0`, name, 'value');
    }
  }
  const words = (options.filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const members = membersOf(source, found).filter(
    (member) =>
      (options.activeOnly !== true || !member.inactive) && words.every((word) => mentions(member, word)),
  );
  const ranges = languageRanges(options.displayLanguage);
  const page = members.slice(offset, count === undefined ? undefined : offset + count);
  const { compose: _compose, text: _text, ...head } = found;
  return {
    ...head,
    expansion: {
      identifier: `urn:uuid:${uuidV5(URL_NAMESPACE, JSON.stringify([found.url, found.version, { ...options, now: undefined }]))}`,
      timestamp: options.now ?? new Date().toISOString(),
      total: members.length,
      ...(offset > 0 || count !== undefined ? { offset } : {}),
      parameter: parametersOf(options),
      ...(page.length > 0
        ? { contains: page.map((member) => shown(member, ranges, options.includeDesignations === true)) }
        : {}),
    },
  };
}

/** The codes of a value set by URL, for a search with `:in`. Errors as {@link expandValueSet}. */
export function codesOf(
  source: DefinitionSource,
  url: string,
): readonly { readonly system: string; readonly code: string }[] {
  return membersOf(source, findValueSet(source, url)).map(({ system, code }) => ({ system, code }));
}

function mentions(member: Member, word: string): boolean {
  const names = namesOf({
    ...(member.display === undefined ? {} : { display: member.display }),
    designation: member.designation,
  });
  return [member.code, ...names].some((name) => name.toLowerCase().includes(word));
}

function shown(member: Member, ranges: readonly string[], designations: boolean): ValueSetExpansionContains {
  const { system, code, display, designation, codeSystem } = member;
  const named = displayOf(
    codeSystem,
    { ...(display === undefined ? {} : { display }), designation: [...designation] },
    ranges,
  );
  return {
    system,
    code,
    ...(named === undefined ? {} : { display: named }),
    ...(member.abstract ? { abstract: true } : {}),
    ...(member.inactive ? { inactive: true } : {}),
    ...(designations && designation.length > 0 ? { designation: [...designation] } : {}),
  };
}

/** What was asked for, as the expansion must say. */
function parametersOf(options: ExpandOptions): ValueSetExpansionParameter[] {
  const { filter, count, offset, displayLanguage, activeOnly, includeDesignations } = options;
  return [
    ...(filter === undefined ? [] : [{ name: 'filter', valueString: filter }]),
    ...(count === undefined ? [] : [{ name: 'count', valueInteger: count }]),
    ...(offset === undefined ? [] : [{ name: 'offset', valueInteger: offset }]),
    ...(displayLanguage === undefined ? [] : [{ name: 'displayLanguage', valueCode: displayLanguage }]),
    ...(activeOnly === undefined ? [] : [{ name: 'activeOnly', valueBoolean: activeOnly }]),
    ...(includeDesignations === undefined
      ? []
      : [{ name: 'includeDesignations', valueBoolean: includeDesignations }]),
    { name: 'excludeNested', valueBoolean: true },
  ];
}
