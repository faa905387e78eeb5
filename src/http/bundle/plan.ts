import { randomUUID } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import { resourceBody } from '../formats/resource-body.ts';
import { withoutIdentity } from '../interactions/create.ts';
import { type Criteria, criteriaOf } from '../request/criteria.ts';
import { type Route, route } from '../request/route.ts';
import { parseIfMatch } from '../request/version-headers.ts';
import { atEntry } from './at-entry.ts';
import type { Entry } from './entry.ts';

/** What an entry of a transaction will do. Ids of new resources are decided here, before the first attempt. */
export type Step = { readonly entry: Entry; readonly type: string } & (
  | { readonly op: 'create'; readonly id: string; readonly resource: Resource; readonly criteria?: Criteria }
  | {
      readonly op: 'update';
      readonly id?: string;
      readonly resource: Resource;
      readonly ifMatch?: IfMatch;
      readonly criteria?: Criteria;
    }
  | { readonly op: 'patch'; readonly id?: string; readonly ifMatch?: IfMatch; readonly criteria?: Criteria }
  | { readonly op: 'delete'; readonly id?: string; readonly ifMatch?: IfMatch; readonly criteria?: Criteria }
);

type IfMatch = number | '*';

export interface Plan {
  readonly writes: readonly Step[];
  /** Entries that only read; answered after all writes. */
  readonly reads: readonly Entry[];
}

/**
 * Reads what each entry wants (R4 http.html#trules). Pure but for the new ids.
 * @throws FhirError 400 naming the entry, for what cannot be part of a transaction.
 */
export function planTransaction(entries: readonly Entry[]): Plan {
  const writes: Step[] = [];
  const reads: Entry[] = [];
  for (const entry of entries) {
    const step = atEntry(entry, () => planEntry(entry));
    if (step === undefined) reads.push(entry);
    else writes.push(step);
  }
  return { writes, reads };
}

/** Undefined for an entry that only reads. */
function planEntry(entry: Entry): Step | undefined {
  const { request } = entry;
  const found = route(request.method, request.path);
  const { type, id } = found as { type: string; id?: string };
  const condition = (): Criteria => criteriaOf(type, request.query, 'request.url');
  const ifMatch = parseIfMatch(request.headers.ifMatch, 'request.ifMatch');
  const match = ifMatch === undefined ? {} : { ifMatch };
  switch (found.interaction) {
    case 'create': {
      const resource = withoutIdentity(resourceBody(request.body, type));
      const { ifNoneExist } = request.headers;
      const criteria =
        ifNoneExist === undefined ? undefined : criteriaOf(type, ifNoneExist, 'request.ifNoneExist');
      return {
        entry,
        type,
        op: 'create',
        id: randomUUID(),
        resource,
        ...(criteria === undefined ? {} : { criteria }),
      };
    }
    case 'update': {
      const resource = resourceBody(request.body, type);
      return {
        entry,
        type,
        op: 'update',
        id: id as string,
        resource: withUrlId(resource, id as string),
        ...match,
      };
    }
    case 'update-conditional':
      return {
        entry,
        type,
        op: 'update',
        resource: resourceBody(request.body, type),
        criteria: condition(),
        ...match,
      };
    case 'patch':
      return { entry, type, op: 'patch', id: id as string, ...match };
    case 'patch-conditional':
      return { entry, type, op: 'patch', criteria: condition(), ...match };
    case 'delete':
      return { entry, type, op: 'delete', id: id as string, ...match };
    case 'delete-conditional':
      return { entry, type, op: 'delete', criteria: condition(), ...match };
    default:
      if (readsOnly(found)) return undefined;
      throw badRequest(
        'A transaction has no batches, transactions or operations within. Send it by itself.',
        'request.url',
      );
  }
}

function readsOnly({ interaction }: Route): boolean {
  return /^(read|vread|history-.*|search-.*|capabilities)$/.test(interaction);
}

/** In a Bundle the id may be left to the URL, which must not contradict it. */
function withUrlId(resource: Resource, id: string): Resource {
  if (resource.id !== undefined && resource.id !== id) {
    throw badRequest("The resource's id is not the id of request.url.", 'resource.id');
  }
  return { ...resource, id };
}
