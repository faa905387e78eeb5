import types from 'fhirpath/src/types.js';
import type { Code } from './code.ts';
import { HANDOVER } from './item.ts';

/** Unary `+` and `-`. */
export function negatedCode(sign: string | undefined, operand: Code): Code {
  return {
    items: (self, env) => {
      const [value, ...more] = operand.items(self, env);
      if (value === undefined || more.length > 0) throw HANDOVER;
      if (value instanceof types.FP_Type) {
        return [sign === '-' ? (value as { negate(): unknown }).negate() : value];
      }
      if ((typeof value !== 'number' || Number.isNaN(value)) && typeof value !== 'bigint') throw HANDOVER;
      return [sign === '-' ? -value : value];
    },
  };
}
