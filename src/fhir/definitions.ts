import type {
  CodeSystem,
  ConceptMap,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes';
import { type BundleFile, bundleFile } from './definitions/bundle-file.ts';

/** Where definitions are looked up by canonical URL: the R4 base here, FHIR packages and stored resources elsewhere. */
export interface DefinitionSource {
  /** By canonical URL (a `|version` is ignored unless the source knows several) or, in the base, by type name. */
  structureDefinition(urlOrType: string): StructureDefinition | undefined;
  valueSet(url: string): ValueSet | undefined;
  codeSystem(url: string): CodeSystem | undefined;
  conceptMap(url: string): ConceptMap | undefined;
}

const TYPES = bundleFile('profiles-types');
const RESOURCES = bundleFile('profiles-resources');
const EXTENSIONS = bundleFile('extension-definitions');
const PROFILES = bundleFile('profiles-others');
const TERMINOLOGY = [bundleFile('valuesets'), bundleFile('v3-codesystems'), bundleFile('v2-tables')];
const CONCEPT_MAPS = [bundleFile('conceptmaps')];
const SEARCH_PARAMETERS = bundleFile('search-parameters');

const BASE = 'http://hl7.org/fhir/StructureDefinition/';

/** The canonical URL without its `|version`. */
export function withoutVersion(canonical: string): string {
  const bar = canonical.indexOf('|');
  return bar < 0 ? canonical : canonical.slice(0, bar);
}

const structures = new Map<string, StructureDefinition | undefined>();

/**
 * The R4 StructureDefinition of a type name (`Task`, `HumanName`, `string`) or canonical URL, with its snapshot:
 * data types, resources, and the extensions and profiles of the core specification. Parsed once, then kept, without
 * narrative, differential and mappings.
 */
export function structureDefinition(urlOrType: string): StructureDefinition | undefined {
  const plain = withoutVersion(urlOrType);
  const id = plain.startsWith(BASE) ? plain.slice(BASE.length) : plain;
  if (structures.has(id)) {
    return structures.get(id);
  }
  const key = `StructureDefinition/${id}`;
  const found = firstOf([TYPES, RESOURCES, EXTENSIONS, PROFILES], key) as StructureDefinition | undefined;
  if (found !== undefined) {
    structures.set(id, slim(found));
  }
  return found;
}

/** Narrative, differential and mappings are two thirds of a definition, and nothing here reads them. */
function slim(definition: StructureDefinition): StructureDefinition {
  delete definition.text;
  delete definition.differential;
  for (const element of definition.snapshot?.element ?? []) {
    delete element.mapping;
  }
  return definition;
}

/** The SearchParameters of R4, all of them; parsed anew at each call. */
export function searchParameters(): SearchParameter[] {
  return [...SEARCH_PARAMETERS.keys()].map((key) => SEARCH_PARAMETERS.read(key) as SearchParameter);
}

/** The names of all R4 types that have a StructureDefinition of their own: resources, data types, primitives. */
export function typeNames(): string[] {
  return [TYPES, RESOURCES].flatMap((file) =>
    [...file.keys()]
      .filter((key) => key.startsWith('StructureDefinition/'))
      .map((key) => key.slice('StructureDefinition/'.length)),
  );
}

function firstOf(files: readonly BundleFile[], key: string): Resource | undefined {
  for (const file of files) {
    const found = file.read(key);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

type Canonical = Resource & { url?: string };

/**
 * A lookup by URL among files that are keyed by id. Most URLs end with `Type/id`; for the others (a code system is
 * often named by a foreign URL) all entries are read once, for their URLs only.
 */
function byUrl<T extends Canonical>(
  type: T['resourceType'],
  files: readonly BundleFile[],
): (url: string) => T | undefined {
  const known = new Map<string, T>();
  let urls: ReadonlyMap<string, () => Resource | undefined> | undefined;
  const index = () => {
    const all = new Map<string, () => Resource | undefined>();
    for (const file of files) {
      for (const key of file.keys()) {
        const resource = file.read(key) as Canonical;
        if (resource.resourceType === type && resource.url !== undefined && !all.has(resource.url)) {
          all.set(resource.url, () => file.read(key));
        }
      }
    }
    return all;
  };
  return (canonical) => {
    const url = withoutVersion(canonical);
    let found = known.get(url);
    if (found === undefined) {
      const guess = firstOf(files, `${type}/${url.slice(url.lastIndexOf('/') + 1)}`) as T | undefined;
      if (guess?.url === url) {
        found = guess;
      } else {
        urls ??= index();
        found = urls.get(url)?.() as T | undefined;
      }
      if (found !== undefined) {
        known.set(url, found);
      }
    }
    return found;
  };
}

/** ValueSet, CodeSystem and ConceptMap of the core specification and of HL7 v2 and v3, by canonical URL. */
export const valueSet = byUrl<ValueSet>('ValueSet', TERMINOLOGY);
export const codeSystem = byUrl<CodeSystem>('CodeSystem', TERMINOLOGY);
export const conceptMap = byUrl<ConceptMap>('ConceptMap', CONCEPT_MAPS);

/** The definitions of FHIR R4 itself. */
export const BASE_DEFINITIONS: DefinitionSource = { structureDefinition, valueSet, codeSystem, conceptMap };
