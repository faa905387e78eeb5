import type { CodeSystemConceptProperty, Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { notFound } from '../outcome.ts';
import type { Concept, ConceptIndex } from './concepts.ts';
import { findConcepts } from './find.ts';
import { displayOf, languageRanges } from './language.ts';

export interface LookupInput {
  readonly system: string;
  readonly code: string;
  readonly version?: string;
  readonly displayLanguage?: string;
  /** Which properties to answer; all when none is named. */
  readonly properties?: readonly string[];
}

/**
 * CodeSystem/$lookup (R4 codesystem-operation-lookup.html): name, version, display, definition, designations and
 * properties of a concept, with `parent`, `child` and `inactive` for all systems.
 * @throws FhirError 404 for an unknown system or code, 422 for a system without content
 */
export function lookupCode(source: DefinitionSource, input: LookupInput): Parameters {
  const index = findConcepts(source, input.system, input.version);
  const concept = index.find(input.code);
  if (concept === undefined) {
    throw notFound(`${input.code.slice(0, 200)} is not a code of ${withoutVersion(input.system)}`, 'code');
  }
  const { system } = index;
  const display = displayOf(system, concept.definition, languageRanges(input.displayLanguage));
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'name', valueString: system.title ?? system.name ?? withoutVersion(input.system) },
      ...(system.version === undefined ? [] : [{ name: 'version', valueString: system.version }]),
      // The operation requires a display; a concept without one is called by its code.
      { name: 'display', valueString: display ?? concept.code },
      ...(concept.definition.definition === undefined
        ? []
        : [{ name: 'definition', valueString: concept.definition.definition }]),
      ...designations(index, concept),
      ...properties(index, concept, input.properties ?? []),
    ],
  };
}

function designations({ system }: ConceptIndex, { definition }: Concept): ParametersParameter[] {
  const own =
    system.language !== undefined && definition.display !== undefined
      ? [{ language: system.language, value: definition.display }]
      : [];
  return [...own, ...(definition.designation ?? [])].map((designation) => ({
    name: 'designation',
    part: [
      ...(designation.language === undefined ? [] : [{ name: 'language', valueCode: designation.language }]),
      ...('use' in designation && designation.use !== undefined
        ? [{ name: 'use', valueCoding: designation.use }]
        : []),
      { name: 'value', valueString: designation.value ?? '' },
    ],
  }));
}

function properties(index: ConceptIndex, concept: Concept, wanted: readonly string[]): ParametersParameter[] {
  const related = (name: string, codes: readonly string[]) =>
    codes.map((code) => {
      const display = index.concepts.get(code)?.definition.display;
      return part(name, { name: 'value', valueCode: code }, display);
    });
  const own = (concept.definition.property ?? [])
    .filter(({ code }) => code !== 'parent' && code !== 'child' && code !== 'inactive')
    .map((property) => part(property.code ?? '', valuePart(property)));
  const all = [
    ...related('parent', concept.parents),
    ...related('child', concept.children),
    part('inactive', { name: 'value', valueBoolean: concept.inactive }),
    ...own,
  ];
  return all.filter(({ part: [code] }) => wanted.length === 0 || wanted.includes(code.valueCode));
}

function part(code: string, value: ParametersParameter, description?: string) {
  const named: [{ name: string; valueCode: string }, ...ParametersParameter[]] = [
    { name: 'code', valueCode: code },
    value,
  ];
  if (description !== undefined) {
    named.push({ name: 'description', valueString: description });
  }
  return { name: 'property', part: named };
}

function valuePart({
  code: _code,
  id: _id,
  extension: _extension,
  ...value
}: CodeSystemConceptProperty): ParametersParameter {
  return { name: 'value', ...value };
}
