import { isSupportedType } from '../../types.ts';
import { indexedUnder } from '../parameters.ts';
import type { Include } from '../query.ts';
import { listed, type ParseContext, refuse } from './context.ts';

/**
 * `_include=Encounter:subject:Patient`, `_revinclude=Task:focus`, `*` for every reference, `Encounter:*`;
 * `:iterate` (or STU3's `:recurse`) follows what came in (R4 search.html#include).
 */
export function parseInclude(
  context: ParseContext,
  modifier: string | undefined,
  reverse: boolean,
  text: string,
): Include {
  if (modifier !== undefined && modifier !== 'iterate' && modifier !== 'recurse') {
    throw refuse(context, `The only modifier of an include is :iterate, not :${modifier}`, 'not-supported');
  }
  const iterate = modifier !== undefined;
  const [source = '', code = '*', target, ...more] = text.split(':');
  if (source === '*' && code === '*' && target === undefined) {
    return { reverse, source, iterate };
  }
  if (more.length > 0 || !isSupportedType(source)) {
    throw refuse(
      context,
      'An include is Type:reference, Type:reference:Target, Type:* or *, with a type stored here',
    );
  }
  if (target !== undefined && !isSupportedType(target)) {
    throw refuse(context, `"${target}" is not a type stored here`, 'not-supported');
  }
  const references = [...context.registry.of(source).values()].filter(({ type }) => type === 'reference');
  const chosen = code === '*' ? references : references.filter((each) => each.code === code);
  if (chosen.length === 0) {
    const known = listed(references.map((each) => each.code));
    throw refuse(
      context,
      `"${code}" is no reference of ${source}; its references are: ${known}`,
      'not-supported',
    );
  }
  // All of them: a narrower one adds nothing to the wider one whose rows it shares.
  const only = code === '*' ? undefined : chosen[0]?.only;
  const parameters =
    only !== undefined && target !== undefined && only !== target
      ? []
      : [...new Set(chosen.flatMap((each) => indexedUnder(each)))];
  const led = target ?? only;
  return { reverse, source, parameters, ...(led === undefined ? {} : { target: led }), iterate };
}
