import type { Code, Env } from './code.ts';
import { EMPTY, HANDOVER, type Items, received } from './item.ts';

const { isArray } = Array;

const UCUM: Items = ['http://unitsofmeasure.org'];

/** The code of `%name`; `number` is its own among the names of the expression. */
export function variableCode(name: string, number: number): Code {
  return {
    items: (_, env) => {
      const known = env.known[number];
      if (known !== undefined) return known;
      const value = env.variables[name];
      if (value === undefined && !(name in env.variables)) return standard(name, env);
      const items = receivedAll(value);
      env.known[number] = items;
      return items;
    },
  };
}

function standard(name: string, env: Env): Items {
  if (name === 'context') return env.root;
  if (name === 'ucum') return UCUM;
  const defined = env.defined?.get(name);
  // Not set, or one of the engine's own objects (%factory).
  if (defined === undefined) throw HANDOVER;
  return defined;
}

/** What a caller hands over as a collection; results of other expressions are what they should be already. */
export function receivedAll(value: unknown): Items {
  if (value === undefined || value === null) return EMPTY;
  if (!isArray(value)) return [received(value)];
  for (const member of value) if (received(member) !== member) return value.map(received);
  return value;
}

/** Names that the engine knows without anybody having set them. */
export const STANDARD_NAMES: ReadonlySet<string> = new Set(['context', 'ucum', 'factory']);
