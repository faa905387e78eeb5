import type { CodeSystemConceptProperty, ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { type Concept, type ConceptIndex, isBelow } from './concepts.ts';

/** Whether a concept passes a filter of a value set; undefined when the filter cannot be evaluated here. */
export function passes(
  index: ConceptIndex,
  concept: Concept,
  filter: ValueSetComposeIncludeFilter,
): boolean | undefined {
  const value = filter.value ?? '';
  switch (filter.op) {
    case 'is-a':
      return isBelow(index, concept.code, value);
    case 'descendent-of':
      return concept.code !== value && isBelow(index, concept.code, value);
    case 'is-not-a':
      return !isBelow(index, concept.code, value);
    case 'generalizes':
      return isBelow(index, value, concept.code);
    case '=':
      return values(concept, filter.property ?? '').includes(value);
    case 'in':
      return list(value).some((item) => values(concept, filter.property ?? '').includes(item));
    case 'not-in':
      return !list(value).some((item) => values(concept, filter.property ?? '').includes(item));
    case 'exists':
      return values(concept, filter.property ?? '').length > 0 === (value === 'true');
    case 'regex':
      return matches(value, values(concept, filter.property ?? ''));
    default:
      return undefined;
  }
}

/** A pattern must match the whole value (R4 valueset-filter-operator). A wrong or risky one is not evaluated. */
function matches(pattern: string, candidates: readonly string[]): boolean | undefined {
  if (pattern.length > 200 || /[+*}]\)[+*{]/.test(pattern)) {
    return undefined;
  }
  try {
    const expression = new RegExp(`^(?:${pattern})$`, 'u');
    return candidates.some((candidate) => expression.test(candidate));
  } catch {
    return undefined;
  }
}

function list(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

/** The values of a property as text; `code`, `display`, `concept` and `parent`/`child` are there for all systems. */
function values(concept: Concept, property: string): readonly string[] {
  switch (property) {
    case 'code':
    case 'concept':
      return [concept.code];
    case 'display':
      return concept.definition.display === undefined ? [] : [concept.definition.display];
    case 'parent':
      return concept.parents;
    case 'child':
      return concept.children;
    default:
      return (concept.definition.property ?? []).filter(({ code }) => code === property).map(textOf);
  }
}

function textOf(property: CodeSystemConceptProperty): string {
  const value =
    property.valueCode ??
    property.valueString ??
    property.valueCoding?.code ??
    property.valueBoolean ??
    property.valueInteger ??
    property.valueDecimal ??
    property.valueDateTime;
  return value === undefined ? '' : String(value);
}
