import filtering from 'fhirpath/src/filtering.js';
import misc from 'fhirpath/src/misc.js';
import { asCondition, asCriterion, type Code, collected, type Env, testing } from './code.ts';
import { CONTEXT, EMPTY, HANDOVER, type Items } from './item.ts';
import { STANDARD_NAMES } from './variables.ts';
import { walker } from './walk.ts';

/** Parameters of a function, each compiled when it is asked for as what it is. */
export interface Parameters {
  readonly count: number;
  /** Evaluated for `$this` of the function's own choice. */
  code(at: number): Code;
}

type Macro = (source: Code, parameters: Parameters) => Code | undefined;

/** Functions that evaluate a parameter themselves, item by item or only when it is needed. */
export const MACROS: { readonly [name: string]: Macro | undefined } = {
  where: (source, parameters) => (parameters.count === 1 ? filtered(source, parameters.code(0)) : undefined),

  exists: (source, parameters) => {
    if (parameters.count > 1) return undefined;
    return existence(parameters.count === 0 ? source : filtered(source, parameters.code(0)));
  },

  all: (source, parameters) => {
    if (parameters.count !== 1) return undefined;
    const holds = asCondition(parameters.code(0));
    return testing((self, env) => {
      const items = source.items(self, env);
      for (let at = 0; at < items.length; at += 1) {
        env.index = at;
        if (!holds([items[at]], env)) return false;
      }
      return true;
    });
  },

  select: (source, parameters) => {
    if (parameters.count !== 1) return undefined;
    const { items: projection } = parameters.code(0);
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        if (items.length === 1) {
          env.index = 0;
          return projection(items, env);
        }
        const result: unknown[] = [];
        for (let at = 0; at < items.length; at += 1) {
          env.index = at;
          for (const item of projection([items[at]], env)) result.push(item);
        }
        return result;
      },
    };
  },

  repeat: (source, parameters) => {
    if (parameters.count !== 1) return undefined;
    const { items: projection } = parameters.code(0);
    return {
      items: (self, env) =>
        collected(
          filtering.repeatMacro?.call(CONTEXT, source.items(self, env), (item: unknown) =>
            projection([item], env),
          ),
        ),
    };
  },

  iif: (source, parameters) => {
    if (parameters.count !== 2 && parameters.count !== 3) return undefined;
    const condition = asCondition(parameters.code(0));
    const yes = parameters.code(1);
    const no = parameters.count === 3 ? parameters.code(2) : undefined;
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        return condition(items, env) ? yes.items(items, env) : (no?.items(items, env) ?? EMPTY);
      },
    };
  },

  aggregate: (source, parameters) => {
    if (parameters.count !== 1 && parameters.count !== 2) return undefined;
    const { items: step } = parameters.code(0);
    const initial = parameters.count === 2 ? parameters.code(1) : undefined;
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        let total: unknown = initial?.items(self, env);
        env.total = total;
        for (let at = 0; at < items.length; at += 1) {
          env.index = at;
          total = step([items[at]], env);
          env.total = total;
        }
        return collected(total);
      },
    };
  },

  // What is traced may be a citizen's data: nobody hears of it, but errors in the parameters stay errors.
  trace: (source, parameters) => {
    if (parameters.count !== 1 && parameters.count !== 2) return undefined;
    const name = parameters.code(0);
    const traced = parameters.count === 2 ? parameters.code(1) : undefined;
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        misc.singleton(name.items(self, env), 'String');
        traced?.items(items, env);
        return items;
      },
    };
  },

  defineVariable: (source, parameters) => {
    if (parameters.count !== 1 && parameters.count !== 2) return undefined;
    const name = parameters.code(0);
    const value = parameters.count === 2 ? parameters.code(1) : undefined;
    return {
      items: (self, env) => {
        const items = source.items(self, env);
        define(misc.singleton(name.items(self, env), 'String'), value?.items(items, env) ?? items, env);
        return items;
      },
    };
  },
};

function define(name: unknown, items: Items, env: Env): void {
  if (typeof name !== 'string' || name in env.variables || name in Object.prototype) throw HANDOVER;
  if (STANDARD_NAMES.has(name) || env.defined?.has(name)) throw HANDOVER;
  env.defined = new Map([...(env.defined ?? []), [name, items]]);
}

function filtered(source: Code, parameter: Code): Code {
  const keeps = asCriterion(parameter);
  return {
    items: (self, env) => {
      const items = source.items(self, env);
      if (items.length === 0) return EMPTY;
      if (items.length === 1) {
        env.index = 0;
        return keeps(items, env) ? items : EMPTY;
      }
      const kept: unknown[] = [];
      for (let at = 0; at < items.length; at += 1) {
        env.index = at;
        if (keeps([items[at]], env)) kept.push(items[at]);
      }
      return kept;
    },
  };
}

function existence(source: Code): Code {
  if (source.path !== undefined) {
    const walk = walker(source.path, false);
    return testing((self, env) => walk(self, env).count > 0);
  }
  return testing((self, env) => source.items(self, env).length > 0);
}
