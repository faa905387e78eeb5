import type { CodeableConcept, Coding, Parameters, ValueSet } from '@medplum/fhirtypes';
import { type DefinitionSource, withoutVersion } from '../definitions.ts';
import { badRequest } from '../outcome.ts';
import { type Concept, indexConcepts } from './concepts.ts';
import { findConcepts, findValueSet } from './find.ts';
import { displayOf, languageRanges, namesOf } from './language.ts';
import { membershipIn } from './membership.ts';

/** What is to be checked: exactly one of code, coding and codeableConcept. */
export interface CodeInput {
  readonly code?: string;
  /** Of `code`; needed with a code system, and with a value set unless `inferSystem` is meant by leaving it out. */
  readonly system?: string;
  readonly display?: string;
  readonly coding?: Coding;
  readonly codeableConcept?: CodeableConcept;
  readonly displayLanguage?: string;
  /** Whether an abstract concept counts as valid; yes unless told not to. */
  readonly abstract?: boolean;
}

interface Verdict {
  readonly result: boolean;
  readonly message?: string;
  readonly display?: string;
  readonly code?: string;
  readonly system?: string;
}

/**
 * ValueSet/$validate-code (R4 valueset-operation-validate-code.html): `result`, and `message`, `display`, `code` and
 * `system` where there is something to say. A concept is valid when one of its codings is.
 * @throws FhirError 404 for an unknown value set, 400 when not exactly one thing is to be checked
 */
export function validateInValueSet(
  source: DefinitionSource,
  valueSet: string | ValueSet,
  input: CodeInput,
): Parameters {
  const found = typeof valueSet === 'string' ? findValueSet(source, valueSet) : valueSet;
  const member = membershipIn(source, found);
  const name = `the value set ${found.url ?? found.id ?? ''}`;
  return answer(
    codingsOf(input).map((coding): Verdict => {
      const { system, code = '' } = coding;
      const inside = member(system, code);
      if (inside === true) {
        return named(source, coding, input);
      }
      return {
        result: false,
        message:
          inside === undefined
            ? `It cannot be decided here whether the code ${code} is in ${name}: the content of its code system is not held here`
            : `The code ${code}${system === undefined ? '' : ` of ${system}`} is not in ${name}`,
      };
    }),
  );
}

/**
 * CodeSystem/$validate-code (R4 codesystem-operation-validate-code.html).
 * @param url of the code system; the coding's own system when absent
 * @throws FhirError 404 for an unknown code system, 422 for one without content, 400 as above
 */
export function validateInCodeSystem(
  source: DefinitionSource,
  url: string | undefined,
  input: CodeInput,
): Parameters {
  return answer(
    codingsOf(input).map((coding): Verdict => {
      const system = url ?? coding.system;
      if (system === undefined) {
        throw badRequest('Say the code system: url, or the system of the coding', 'url', 'required');
      }
      if (coding.system !== undefined && coding.system !== withoutVersion(system)) {
        return {
          result: false,
          message: `The coding is of ${coding.system}, not of ${withoutVersion(system)}`,
        };
      }
      if (findConcepts(source, system).find(coding.code ?? '') === undefined) {
        return { result: false, message: `${coding.code ?? ''} is not a code of ${withoutVersion(system)}` };
      }
      return named(source, { ...coding, system: withoutVersion(system) }, input);
    }),
  );
}

function codingsOf(input: CodeInput): Coding[] {
  const { code, coding, codeableConcept, system, display } = input;
  const given = [code, coding, codeableConcept].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw badRequest('Give exactly one of code, coding and codeableConcept', 'code', 'required');
  }
  if (code !== undefined) {
    return [
      { code, ...(system === undefined ? {} : { system }), ...(display === undefined ? {} : { display }) },
    ];
  }
  const codings = coding === undefined ? (codeableConcept?.coding ?? []) : [coding];
  if (codings.length === 0) {
    throw badRequest(
      'The codeableConcept has no coding that could be checked',
      'codeableConcept',
      'required',
    );
  }
  return codings;
}

/** A code that is a member: checks its display and whether it may be used. */
function named(source: DefinitionSource, coding: Coding, input: CodeInput): Verdict {
  const { system, code = '' } = coding;
  const found = system === undefined ? undefined : source.codeSystem(system);
  const concept: Concept | undefined =
    found === undefined || found.content === 'not-present' ? undefined : indexConcepts(found).find(code);
  const display =
    concept === undefined
      ? undefined
      : displayOf(found, concept.definition, languageRanges(input.displayLanguage));
  const about = {
    code,
    ...(system === undefined ? {} : { system }),
    ...(display === undefined ? {} : { display }),
  };
  if (concept?.abstract === true && input.abstract === false) {
    return {
      ...about,
      result: false,
      message: `${code} only structures its code system; it may not be used as a value`,
    };
  }
  const given = coding.display;
  if (
    given !== undefined &&
    concept !== undefined &&
    !namesOf(concept.definition).some((name) => same(name, given))
  ) {
    return {
      ...about,
      result: false,
      message: `"${given}" is not a display of ${code}; it is "${display ?? ''}"`,
    };
  }
  return {
    ...about,
    result: true,
    ...(concept?.inactive === true ? { message: `${code} is no longer active` } : {}),
  };
}

function same(a: string, b: string): boolean {
  const plain = (text: string) => text.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(a) === plain(b);
}

/** The first coding that is valid speaks for all; else the first one's fault. */
function answer(verdicts: readonly Verdict[]): Parameters {
  const verdict = verdicts.find(({ result }) => result) ?? verdicts[0] ?? { result: false };
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'result', valueBoolean: verdict.result },
      ...(verdict.message === undefined ? [] : [{ name: 'message', valueString: verdict.message }]),
      ...(verdict.display === undefined ? [] : [{ name: 'display', valueString: verdict.display }]),
      ...(verdict.code === undefined ? [] : [{ name: 'code', valueCode: verdict.code }]),
      ...(verdict.system === undefined ? [] : [{ name: 'system', valueUri: verdict.system }]),
    ],
  };
}
