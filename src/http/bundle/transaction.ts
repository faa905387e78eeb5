import { randomUUID } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import type { Change, StoreTransaction, Written } from '../../store/store.ts';
import { mustExist } from '../interactions/if-match.ts';
import { settled } from '../interactions/settled.ts';
import { updateOf } from '../interactions/update.ts';
import { lockNames, resolveAll, type Searching } from '../request/criteria.ts';
import type { Context, FhirResponse } from '../request/exchange.ts';
import { atEntryAsync, entryError } from './at-entry.ts';
import type { Entry } from './entry.ts';
import { readPatched } from './patch-step.ts';
import { type Plan, planTransaction, type Step } from './plan.ts';
import { type LinkMap, referenceBase, replaceLinks } from './references.ts';
import { resolveTargets, type Target } from './targets.ts';
import { answerOfExisting, answerOfWritten } from './write-answer.ts';
import { located, type PendingWrite } from './write-entries.ts';
import { isResolved, writeInRounds } from './write-rounds.ts';

/**
 * Runs the entries of a transaction Bundle: all or nothing, in the order of R4 http.html#trules (delete, create,
 * update and patch, read), whatever their order in the Bundle. The work is a function of the Bundle alone, so
 * that the store may run it again after a serialization failure.
 * @returns one answer per entry, in the Bundle's order.
 */
export async function runTransaction(
  context: Context,
  entries: readonly Entry[],
): Promise<readonly FhirResponse[]> {
  const plan = planTransaction(entries);
  const newIds = new Map(
    plan.writes.map((step) => [step, 'id' in step && step.id !== undefined ? step.id : randomUUID()]),
  );
  const created = await createAll(context, plan, newIds);
  if (created !== undefined) return created;
  return context.store.transaction(async (transaction) => {
    const answers = new Map<number, FhirResponse>();
    const targets = await resolve(transaction, plan.writes, newIds, context);
    const links = linksOf(targets);
    const pending: PendingWrite[] = [];
    for (const target of targets) {
      const write = await pendingWrite(transaction, target, links);
      if (write === undefined) answers.set(target.step.entry.index, answerOfExisting(context, target));
      else pending.push(write);
    }
    const results = [...(await writeInRounds(transaction, pending, context))];
    const final = await settled(
      transaction,
      results.map(([, written]) => written),
    );
    results.forEach(([entry], index) => {
      answers.set(entry.index, answerOfWritten(context, entry, final[index] as Written));
    });
    const inside: Context = { ...context, reader: transaction };
    for (const entry of plan.reads) {
      answers.set(entry.index, await atEntryAsync(entry, () => context.interact(inside, entry.request)));
    }
    return entries.map(({ index }) => answers.get(index) as FhirResponse);
  });
}

/**
 * A Bundle of new resources only: one bulk write that depends on nothing stored, and so needs no transaction of several
 * statements. Undefined for any other.
 */
async function createAll(
  context: Context,
  { writes, reads }: Plan,
  newIds: ReadonlyMap<Step, string>,
): Promise<readonly FhirResponse[] | undefined> {
  const { store } = context;
  const isNew = (step: Step): boolean =>
    step.op === 'create' && step.criteria === undefined && !store.isHeard(step.type);
  if (writes.length === 0 || reads.length > 0 || !writes.every(isNew)) return undefined;
  const targets = resolveTargets(writes, new Map(), newIds);
  const links = linksOf(targets);
  const pending = targets.map((target) => createOf(target, links));
  if (!pending.every(isResolved)) return undefined;
  const written = await located(pending, () => store.create(pending.map(({ change }) => change.resource)));
  return pending.map(({ entry }, index) => answerOfWritten(context, entry, written[index] as Written));
}

/** Which resource each entry is about; conditions are locked first, so that a concurrent repeat waits. */
async function resolve(
  transaction: StoreTransaction,
  steps: readonly Step[],
  newIds: ReadonlyMap<Step, string>,
  searching: Searching,
): Promise<readonly Target[]> {
  const conditions = steps.flatMap((step) => (step.criteria === undefined ? [] : [step.criteria]));
  if (conditions.length > 0) await transaction.lock(lockNames(conditions));
  return resolveTargets(steps, await resolveAll(transaction, conditions, searching), newIds);
}

function linksOf(targets: readonly Target[]): LinkMap {
  const links = new Map<string, string>();
  for (const { step, key } of targets) {
    const { fullUrl } = step.entry;
    if (fullUrl === undefined || step.op === 'delete' || key === undefined) continue;
    const known = links.get(fullUrl);
    if (known !== undefined && known !== key) {
      throw entryError(
        step.entry,
        400,
        'duplicate',
        'Another entry has the same fullUrl. Each entry needs its own.',
        'fullUrl',
      );
    }
    links.set(fullUrl, key);
  }
  return links;
}

/** Undefined when nothing is to be written: a condition was met already, or there is nothing to delete. */
async function pendingWrite(
  transaction: StoreTransaction,
  target: Target,
  links: LinkMap,
): Promise<PendingWrite | undefined> {
  const { step, id, existing } = target;
  const { entry, type } = step;
  if (id === undefined || (step.op === 'create' && existing !== undefined)) return undefined;
  const linked = <T>(value: T): T => replaceLinks(value, links, referenceBase(entry.fullUrl));
  if ('ifMatch' in step && step.ifMatch === '*')
    await atEntryAsync(entry, () => mustExist(transaction, type, id));
  const ifMatch = 'ifMatch' in step ? step.ifMatch : undefined;
  if (step.op === 'delete') {
    const change: Change = { op: 'delete', type, id, ...(typeof ifMatch === 'number' ? { ifMatch } : {}) };
    return { entry, change };
  }
  if (step.op === 'patch') {
    return { entry, change: await readPatched(transaction, entry, type, id, ifMatch, linked) };
  }
  if (step.op === 'create') return createOf(target, links);
  const resource = { ...linked(step.resource), id } as Resource & { id: string };
  return { entry, change: updateOf(resource, ifMatch) };
}

interface PendingCreate extends PendingWrite {
  readonly change: Extract<Change, { op: 'create' }>;
}

function createOf({ step, id }: Target, links: LinkMap): PendingCreate {
  const { entry, resource } = step as Extract<Step, { op: 'create' }>;
  const linked = replaceLinks(resource, links, referenceBase(entry.fullUrl));
  return { entry, change: { op: 'create', resource: { ...linked, id: id as string } } };
}
