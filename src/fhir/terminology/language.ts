import type { CodeSystem, CodeSystemConcept, CodeSystemConceptDesignation } from '@medplum/fhirtypes';

/** Language ranges of a displayLanguage or Accept-Language value, best first (`en-GB;q=0.8, da` gives da, en-GB). */
export function languageRanges(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { range: range.trim().toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ range, weight }) => range !== '' && range !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ range }) => range);
}

/** Whether a language tag is the range or more special (`da-DK` is in `da`), RFC 4647 §3.3.1. */
function inRange(language: string | undefined, range: string): boolean {
  const tag = language?.toLowerCase();
  return tag === range || tag?.startsWith(`${range}-`) === true;
}

/**
 * The display in the first language wanted that there is: the system's own display when that is its language, else a
 * designation; the own display when none fits.
 */
export function displayOf(
  system: CodeSystem | undefined,
  concept: Pick<CodeSystemConcept, 'display' | 'designation'>,
  ranges: readonly string[],
): string | undefined {
  for (const range of ranges) {
    if (concept.display !== undefined && inRange(system?.language, range)) {
      return concept.display;
    }
    const found = concept.designation?.find((designation) => inRange(designation.language, range));
    if (found !== undefined) {
      return found.value;
    }
  }
  return concept.display;
}

/** All texts that name a concept, for checking a display: in any language. */
export function namesOf(concept: {
  readonly display?: string;
  readonly designation?: readonly CodeSystemConceptDesignation[];
}): string[] {
  return [concept.display, ...(concept.designation ?? []).map(({ value }) => value)].filter(
    (name) => name !== undefined,
  );
}
