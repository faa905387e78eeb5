import type { Level, Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';

/** The operation of that name for this level and type, if it is served there. */
export function findOperation(name: string, level: Level, type: string | undefined): Operation | undefined {
  return OPERATIONS.find(
    (operation) =>
      operation.name === name &&
      operation.levels.includes(level) &&
      (level === 'system' || operation.types === undefined || operation.types.includes(type as string)),
  );
}

/** All that are served at a type or its instances; without a type: at system level. */
export function operationsOf(type: string | undefined): readonly Operation[] {
  return OPERATIONS.filter(({ levels, types }) =>
    type === undefined
      ? levels.includes('system')
      : levels.some((level) => level !== 'system') && (types === undefined || types.includes(type)),
  );
}
