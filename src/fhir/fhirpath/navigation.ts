import type { Code, Env } from './code.ts';
import { EMPTY, Item, type Items } from './item.ts';
import { type Walk, walker } from './walk.ts';

/** `children()`: of items of the data only; plain objects that a function gave have none. */
export function childrenCode(source: Code): Code {
  const children = childrenFinder();
  return { items: (self, env) => children(source.items(self, env), env) };
}

export function descendantsCode(source: Code): Code {
  const children = childrenFinder();
  return {
    items: (self, env) => {
      const all: unknown[] = [];
      let level = children(source.items(self, env), env);
      while (level.length > 0) {
        for (const item of level) all.push(item);
        level = children(level, env);
      }
      return all;
    },
  };
}

const MOST_NAMES = 1_000;

function childrenFinder(): (items: Items, env: Env) => Items {
  const walks = new Map<string, Walk>();
  const walkTo = (name: string): Walk => {
    let walk = walks.get(name);
    if (walk === undefined) {
      walk = walker({ origin: undefined, steps: [{ kind: 'child', name, root: 0 }] }, true);
      if (walks.size < MOST_NAMES) walks.set(name, walk);
    }
    return walk;
  };
  return (items, env) => {
    const found: unknown[] = [];
    for (const item of items) {
      if (!(item instanceof Item)) continue;
      for (const name of namesOf(item)) {
        for (const child of walkTo(name)([item], env).items ?? EMPTY) found.push(child);
      }
    }
    return found;
  };
}

/** Names of children, those with nothing but extensions among them. */
function namesOf({ raw, _data: extra }: Item): string[] {
  if (typeof raw === 'object' && raw !== null) {
    return Object.keys(raw).flatMap((key) => {
      if (!key.startsWith('_')) return key === 'resourceType' ? [] : [key];
      const name = key.slice(1);
      return Object.hasOwn(raw, name) ? [] : [name];
    });
  }
  return typeof extra === 'object' && extra !== null ? Object.keys(extra) : [];
}
