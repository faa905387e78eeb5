import type { ResourceVersion } from '../../store/store.ts';
import { entryError } from './at-entry.ts';
import type { Step } from './plan.ts';

/** The resource that an entry is about. */
export interface Target {
  readonly step: Step;
  /** Undefined when a conditional delete selects nothing. */
  readonly id?: string;
  /** `Type/id`, what references to the entry become. */
  readonly key?: string;
  /** What the condition selected. */
  readonly existing?: ResourceVersion;
}

type Found = ReadonlyMap<string, readonly ResourceVersion[]>;

/**
 * Decides which resource each entry is about, from what the conditions selected.
 * @throws FhirError 412 for a condition that selects several; 400 when two entries are about the same resource.
 */
export function resolveTargets(
  steps: readonly Step[],
  found: Found,
  newIds: ReadonlyMap<Step, string>,
): readonly Target[] {
  const taken = new Map<string, Step>();
  const conditions = new Set<string>();
  return steps.map((step) => {
    const target = resolveTarget(step, found, newIds.get(step) as string);
    if (step.criteria !== undefined && target.existing === undefined && step.op !== 'delete') {
      // Both would find nothing and both would create.
      if (conditions.has(step.criteria.key)) throw twice(step, 'Another entry has the same condition.');
      conditions.add(step.criteria.key);
    }
    if (target.key === undefined) return target;
    const other = taken.get(target.key);
    const onlyRefers = (one: Step): boolean => one.op === 'create' && one.criteria !== undefined;
    const harmless =
      other !== undefined &&
      (onlyRefers(step) || onlyRefers(other)) &&
      step.op !== 'delete' &&
      other.op !== 'delete';
    if (other !== undefined && !harmless) throw twice(step, 'Another entry changes the same resource.');
    if (other === undefined || onlyRefers(other)) taken.set(target.key, step);
    return target;
  });
}

function resolveTarget(step: Step, found: Found, newId: string): Target {
  const { criteria, type } = step;
  if (criteria === undefined) return { step, id: newId, key: `${type}/${newId}` };
  const matches = found.get(criteria.key) ?? [];
  if (matches.length > 1) {
    throw entryError(
      step.entry,
      412,
      'conflict',
      'The condition selects more than one resource. Make it narrower.',
      'request',
    );
  }
  const existing = matches[0];
  if (existing !== undefined) return { step, id: existing.id, key: `${type}/${existing.id}`, existing };
  if (step.op === 'delete') return { step };
  if (step.op === 'patch') {
    throw entryError(step.entry, 412, 'conflict', 'The condition selects no resource to patch.', 'request');
  }
  const id = step.op === 'update' ? (step.resource.id ?? newId) : newId;
  return { step, id, key: `${type}/${id}` };
}

function twice(step: Step, reason: string): Error {
  return entryError(
    step.entry,
    400,
    'duplicate',
    `${reason} A transaction changes each resource once (R4 http.html#trules).`,
    'request',
  );
}
