import collections from 'fhirpath/src/collections.js';
import combining from 'fhirpath/src/combining.js';
import math from 'fhirpath/src/math.js';
import misc from 'fhirpath/src/misc.js';
import { asBoolean, type Code, collected, testing } from './code.ts';
import { type Comparison, comparisonCode, equalityCode, equivalenceCode, plainlyAmong } from './equality.ts';
import { CONTEXT, EMPTY, type Items, operandOf } from './item.ts';

/** The code of a binary operator; undefined for one that is not known here. */
export function operatorCode(operator: string, left: Code, right: Code): Code | undefined {
  switch (operator) {
    case 'and':
    case 'or':
    case 'xor':
    case 'implies':
      return logicCode(operator, left, right);
    case '=':
    case '!=':
      return equalityCode(left, right, operator === '!=');
    case '~':
    case '!~':
      return equivalenceCode(left, right, operator === '!~');
    case '<':
    case '>':
    case '<=':
    case '>=':
      return comparisonCode(operator as Comparison, left, right);
    case 'in':
      return memberCode(left, right, 'in');
    case 'contains':
      return memberCode(left, right, 'contains');
    case '|':
      return { items: (self, env) => united(left.items(self, env), right.items(self, env)) };
    default:
      return arithmeticCode(operator, left, right);
  }
}

/** Both sides are always evaluated, as the engine does: an error on either side is one. */
function logicCode(operator: 'and' | 'or' | 'xor' | 'implies', left: Code, right: Code): Code {
  const [first, second] = [asBoolean(left), asBoolean(right)];
  switch (operator) {
    case 'and':
      return testing((self, env) => {
        const a = first(self, env);
        const b = second(self, env);
        return a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
      });
    case 'or':
      return testing((self, env) => {
        const a = first(self, env);
        const b = second(self, env);
        return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
      });
    case 'xor':
      return testing((self, env) => {
        const a = first(self, env);
        const b = second(self, env);
        return a === undefined || b === undefined ? undefined : a !== b;
      });
    case 'implies':
      return testing((self, env) => {
        const a = first(self, env);
        const b = second(self, env);
        return a === false || b === true ? true : a === undefined || b === undefined ? undefined : false;
      });
  }
}

function memberCode(left: Code, right: Code, name: 'in' | 'contains'): Code {
  const find = collections[name] as NonNullable<(typeof collections)[string]>;
  return testing((self, env) => {
    const [a, b] = [left.items(self, env), right.items(self, env)];
    const among = name === 'in' ? plainlyAmong(a, b) : plainlyAmong(b, a);
    if (among !== undefined) return among;
    const found = find.call(CONTEXT, a, b);
    return typeof found === 'boolean' ? found : undefined;
  });
}

/** `|` and `union()`: without duplicates, also those of one side. */
export function united(left: Items, right: Items): Items {
  if (left.length + right.length < 2) return left.length === 0 ? right : left;
  return collected(combining.union?.call(CONTEXT, left, right));
}

const ARITHMETIC: { readonly [operator: string]: string } = {
  '+': 'plus',
  '-': 'minus',
  '*': 'mul',
  '/': 'div',
};
const WHOLE: { readonly [operator: string]: string } = { div: 'intdiv', mod: 'mod' };

function arithmeticCode(operator: string, left: Code, right: Code): Code | undefined {
  if (operator === '&') {
    return {
      items: (self, env) => {
        const a = misc.singleton(left.items(self, env), 'String');
        return collected(math.amp?.call(CONTEXT, a, misc.singleton(right.items(self, env), 'String')));
      },
    };
  }
  const whole = math[WHOLE[operator] ?? ''];
  if (whole !== undefined) {
    return {
      items: (self, env) => {
        const a = misc.singleton(left.items(self, env), 'Number');
        const b = misc.singleton(right.items(self, env), 'Number');
        return Array.isArray(a) || Array.isArray(b) ? EMPTY : collected(whole.call(CONTEXT, a, b));
      },
    };
  }
  const calculate = math[ARITHMETIC[operator] ?? ''];
  if (calculate === undefined) return undefined;
  return {
    items: (self, env) => {
      const a = left.items(self, env);
      const b = right.items(self, env);
      if (a.length === 0 || b.length === 0) return EMPTY;
      if (operator === '+' && a.length === 1 && b.length === 1) {
        const [x, y] = [operandOf(a[0]), operandOf(b[0])];
        if (typeof x === 'string' && typeof y === 'string') return [x + y];
      }
      return collected(calculate.call(CONTEXT, a, b));
    },
  };
}
