import r4 from 'fhirpath/fhir-context/r4';
import types, { type TypeInfo } from 'fhirpath/src/types.js';
import { type Code, testing } from './code.ts';
import { EMPTY, HANDOVER, Item } from './item.ts';
import { failing, unquoted } from './literals.ts';
import type { FhirPathNode } from './parse.ts';
import type { Shape } from './shape.ts';

/** `is`, `as` and `ofType()`, as operators or functions; `type` is the node of the type specifier. */
export function typeTestCode(
  name: 'is' | 'as' | 'ofType',
  source: Code,
  type: FhirPathNode | undefined,
): Code | undefined {
  if (type?.text === undefined) return undefined;
  const wanted = typeOf(type.text);
  if (wanted === undefined) return failing;
  if (name === 'ofType') {
    const matches = matcher((info) => info.isConvertibleTo(wanted, r4));
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        return items.length === 0 ? EMPTY : items.filter(matches);
      },
    };
  }
  const matches = matcher((info) => info.is(wanted, r4));
  if (name === 'is') {
    return testing((self, env) => {
      const items = source.items(self, env);
      if (items.length > 1) throw HANDOVER;
      return items.length === 0 ? undefined : matches(items[0]);
    });
  }
  return {
    items: (self, env) => {
      const items = source.items(self, env);
      if (items.length > 1) throw HANDOVER;
      return items.length === 1 && matches(items[0]) ? items : EMPTY;
    },
  };
}

/** Answers by the item's type; elements of one shape have one type. */
function matcher(test: (info: TypeInfo) => boolean): (member: unknown) => boolean {
  const answers = new WeakMap<Shape, boolean>();
  return (member) => {
    if (!(member instanceof Item) || member.shape.typeInfo === undefined)
      return test(types.TypeInfo.fromValue(member));
    let answer = answers.get(member.shape);
    if (answer === undefined) {
      answer = test(member.shape.typeInfo);
      answers.set(member.shape, answer);
    }
    return answer;
  };
}

/** The type that a specifier names; undefined when there is none. */
function typeOf(text: string): TypeInfo | undefined {
  const names = text.split('.').map((part) => unquoted(part, '`'));
  const name = names.pop();
  const [namespace, ...more] = names;
  if (name === undefined || more.length > 0) return undefined;
  const type = new types.TypeInfo({ namespace, name });
  return type.isValid(r4) ? type : undefined;
}
