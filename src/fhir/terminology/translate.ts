import type {
  CodeableConcept,
  Coding,
  ConceptMap,
  ConceptMapGroup,
  ConceptMapGroupElement,
  ConceptMapGroupElementTarget,
  Parameters,
  ParametersParameter,
} from '@medplum/fhirtypes';
import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { badRequest } from '../outcome.ts';
import { findConceptMap } from './find.ts';

export interface TranslateInput {
  /** The map: its URL, or a map at hand. */
  readonly conceptMap: string | ConceptMap;
  readonly code?: string;
  readonly system?: string;
  readonly coding?: Coding;
  readonly codeableConcept?: CodeableConcept;
  /** Only matches in this code system. */
  readonly targetSystem?: string;
  /** From target to source. */
  readonly reverse?: boolean;
}

interface Match {
  readonly equivalence: string;
  readonly concept: Coding;
}

/** What holds from B to A when this holds from A to B (R4 concept-map-equivalence: it speaks of the target). */
const REVERSED: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

/**
 * ConceptMap/$translate (R4 conceptmap-operation-translate.html): `result` is true when there is a match that is
 * neither `unmatched` nor `disjoint`; each `match` has equivalence, concept and the map it comes from.
 * @throws FhirError 404 for an unknown map, 400 when there is not exactly one thing to translate
 */
export function translate(source: DefinitionSource, input: TranslateInput): Parameters {
  const map =
    typeof input.conceptMap === 'string' ? findConceptMap(source, input.conceptMap) : input.conceptMap;
  const matches = codingsOf(input).flatMap((coding) =>
    (map.group ?? []).flatMap((group) => inGroup(group, coding, input)),
  );
  const useful = matches.filter(
    ({ equivalence }) => equivalence !== 'unmatched' && equivalence !== 'disjoint',
  );
  const result = useful.length > 0;
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'result', valueBoolean: result },
      ...(result ? [] : [{ name: 'message', valueString: `The map ${map.url ?? ''} has no match for it` }]),
      ...(result ? useful : matches).map((match) => matchPart(match, map)),
    ],
  };
}

function codingsOf({ code, system, coding, codeableConcept }: TranslateInput): readonly Coding[] {
  const given = [code, coding, codeableConcept].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw badRequest(
      'Give exactly one of code (with system), coding and codeableConcept',
      'code',
      'required',
    );
  }
  if (code !== undefined) {
    if (system === undefined) {
      throw badRequest('A code needs its system', 'system', 'required');
    }
    return [{ code, system }];
  }
  return coding === undefined ? (codeableConcept?.coding ?? []) : [coding];
}

function inGroup(group: ConceptMapGroup, coding: Coding, input: TranslateInput): Match[] {
  const [from, to] = input.reverse === true ? [group.target, group.source] : [group.source, group.target];
  if (!agrees(from, coding.system) || (input.targetSystem !== undefined && !agrees(to, input.targetSystem))) {
    return [];
  }
  const system = to === undefined ? {} : { system: withoutVersion(to) };
  if (input.reverse === true) {
    return group.element.flatMap((element) =>
      (element.target ?? [])
        .filter(({ code }) => code !== undefined && code === coding.code)
        .map(({ equivalence = 'equivalent' }) => ({
          equivalence: REVERSED[equivalence] ?? equivalence,
          concept: { ...system, ...codeOf(element) },
        })),
    );
  }
  const element = group.element.find(({ code }) => code === coding.code);
  if (element !== undefined) {
    return (element.target ?? []).map((target) => ({
      equivalence: target.equivalence ?? 'equivalent',
      concept: target.code === undefined ? {} : { ...system, ...codeOf(target) },
    }));
  }
  return unmapped(group, coding, system);
}

/** What a map says of codes that it does not list. */
function unmapped({ unmapped: rule }: ConceptMapGroup, coding: Coding, system: { system?: string }): Match[] {
  if (rule?.mode === 'provided' && coding.code !== undefined) {
    return [{ equivalence: 'equivalent', concept: { ...system, code: coding.code } }];
  }
  if (rule?.mode === 'fixed' && rule.code !== undefined) {
    return [{ equivalence: 'inexact', concept: { ...system, ...codeOf(rule) } }];
  }
  return [];
}

function agrees(canonical: string | undefined, system: string | undefined): boolean {
  return (
    canonical !== undefined && system !== undefined && withoutVersion(canonical) === withoutVersion(system)
  );
}

function codeOf({
  code,
  display,
}: Pick<ConceptMapGroupElement & ConceptMapGroupElementTarget, 'code' | 'display'>): Coding {
  return { ...(code === undefined ? {} : { code }), ...(display === undefined ? {} : { display }) };
}

function matchPart({ equivalence, concept }: Match, map: ConceptMap): ParametersParameter {
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      ...(concept.code === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
      ...(map.url === undefined ? [] : [{ name: 'source', valueUri: map.url }]),
    ],
  };
}
