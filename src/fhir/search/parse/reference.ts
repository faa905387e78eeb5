import { isSupportedType } from '../../types.ts';
import { normaliseReference } from '../values/read-reference.ts';
import { listed, type ParameterGroup, type ParseContext, refuse } from './context.ts';
import { unescapeValue } from './split.ts';

const RELATIVE = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** The types that a reference parameter may lead to and that are stored here. */
export function targetTypes({ members }: Pick<ParameterGroup, 'members'>): readonly string[] {
  return [...new Set(members.flatMap(({ targets }) => targets))].filter(isSupportedType);
}

/**
 * What a reference value may have been stored as: `Type/id` itself; a bare id under each type it may lead to; a URL,
 * URN or canonical as it stands (R4 search.html#reference).
 * @param only the type of a `:Type` modifier
 */
export function referenceTargets(
  context: ParseContext,
  text: string,
  types: readonly string[],
  only?: string,
): readonly string[] {
  const value = unescapeValue(text);
  const [, type] = RELATIVE.exec(value) ?? [];
  if (type !== undefined) {
    if (only !== undefined && only !== type) {
      throw refuse(context, `The modifier says ${only}, the value ${type}: leave one of them out`);
    }
    return [normaliseReference(value)];
  }
  if (ID.test(value) && !value.includes('://')) {
    const candidates = only === undefined ? types : [only];
    // The bare text too: a logical canonical or URI without a scheme.
    return [...candidates.map((each) => `${each}/${value}`), value];
  }
  if (value === '' || /\s/.test(value)) {
    throw refuse(context, 'A reference is Type/id, id, an absolute URL or a canonical');
  }
  return [normaliseReference(value)];
}

/** `:Patient` of `subject:Patient`. */
export function checkTargetModifier(context: ParseContext, group: ParameterGroup, modifier: string): string {
  const types = targetTypes(group);
  if (!types.includes(modifier)) {
    throw refuse(
      context,
      `"${group.code}" does not lead to ${modifier}: it leads to ${listed(types)}; modifiers of a reference are a type, identifier, missing`,
      'not-supported',
    );
  }
  return modifier;
}
