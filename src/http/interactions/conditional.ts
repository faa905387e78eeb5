import { randomUUID } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { badRequest, preconditionFailed } from '../../fhir/outcome.ts';
import type { ResourceVersion, StoreTransaction } from '../../store/store.ts';
import { resourceBody } from '../formats/resource-body.ts';
import { type Criteria, criteriaOf, lockNames, resolveOne, type Searching } from '../request/criteria.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { parsePrefer } from '../request/prefer.ts';
import type { Route } from '../request/route.ts';
import { etag, parseIfMatch, writtenHeaders } from '../request/version-headers.ts';
import { withoutIdentity } from './create.ts';
import { patchResource } from './patch.ts';
import { writeOne } from './settled.ts';
import { updateOf } from './update.ts';
import { writtenResponse } from './written-response.ts';

/** POST [base]/[type] with If-None-Exist (R4 http.html#ccreate): creates only where the condition selects none. */
export async function createConditional(
  context: Context,
  request: FhirRequest,
  route: Route,
): Promise<FhirResponse> {
  const type = route.type as string;
  const resource = withoutIdentity(resourceBody(request.body, type));
  const criteria = criteriaOf(type, request.headers.ifNoneExist ?? '', 'http.If-None-Exist');
  const [existing, written] = await context.store.transaction(async (transaction) => {
    const found = await select(transaction, criteria, context);
    if (found !== undefined) return [found, undefined] as const;
    return [undefined, await writeOne(transaction, { op: 'create', resource })] as const;
  });
  if (existing === undefined) return writtenResponse(context, request, written);
  const minimal = parsePrefer(request.headers.prefer).return === 'minimal';
  return {
    status: 200,
    headers: writtenHeaders(context.baseUrl, existing),
    lastUpdated: existing.lastUpdated,
    ...(minimal ? {} : { content: existing.content }),
  };
}

/** PUT [base]/[type]?… (R4 http.html#cond-update): updates the one selected, or creates. */
export async function updateConditional(
  context: Context,
  request: FhirRequest,
  route: Route,
): Promise<FhirResponse> {
  const type = route.type as string;
  const resource = resourceBody(request.body, type);
  const criteria = criteriaOf(type, request.query, 'http.url');
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  const newId = resource.id ?? randomUUID();
  const written = await context.store.transaction(async (transaction) => {
    const found = await select(transaction, criteria, context);
    if (found === undefined && ifMatch !== undefined) {
      throw preconditionFailed(
        'The condition selects nothing that If-Match could hold for.',
        'http.If-Match',
      );
    }
    return writeOne(transaction, updateOf(identified(resource, found, newId), ifMatch));
  });
  return writtenResponse(context, request, written);
}

/** PATCH [base]/[type]?… : patches the one selected. */
export async function patchConditional(
  context: Context,
  request: FhirRequest,
  route: Route,
): Promise<FhirResponse> {
  const type = route.type as string;
  const criteria = criteriaOf(type, request.query, 'http.url');
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  const written = await context.store.transaction(async (transaction) => {
    const found = await select(transaction, criteria, context);
    if (found === undefined)
      throw preconditionFailed('The condition selects no resource to patch.', 'http.url');
    return patchResource(transaction, type, found.id, request.body, ifMatch);
  });
  return writtenResponse(context, request, written);
}

/** The most that one conditional delete may take with it. */
const MOST_DELETED = 1000;

/**
 * DELETE [base]/[type]?… (R4 http.html#2.1.0.12.1): deletes all that are selected, in one transaction; refused
 * when they are more than {@link MOST_DELETED}.
 */
export async function deleteConditional(
  context: Context,
  request: FhirRequest,
  route: Route,
): Promise<FhirResponse> {
  const type = route.type as string;
  const criteria = criteriaOf(type, request.query, 'http.url');
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  const deleted = await context.store.transaction(async (transaction) => {
    await transaction.lock(lockNames([criteria]));
    const found = await resolveOne(transaction, criteria, context, MOST_DELETED + 1);
    if (found.length > MOST_DELETED) {
      throw preconditionFailed(
        `The condition selects more than ${MOST_DELETED} resources. Make it narrower.`,
        'http.url',
      );
    }
    if (typeof ifMatch === 'number' && found.length > 1) {
      throw preconditionFailed(
        'If-Match can hold for one resource, and the condition selects several.',
        'http.If-Match',
      );
    }
    return transaction.write(
      found.map(({ id }) => ({
        op: 'delete',
        type,
        id,
        ...(typeof ifMatch === 'number' ? { ifMatch } : {}),
      })),
    );
  });
  const [only] = deleted;
  return { status: 204, ...(deleted.length === 1 && only ? { headers: { etag: etag(only.version) } } : {}) };
}

/** @throws FhirError 412 when the condition selects several. */
async function select(
  transaction: StoreTransaction,
  criteria: Criteria,
  searching: Searching,
): Promise<ResourceVersion | undefined> {
  await transaction.lock(lockNames([criteria]));
  const [match, second] = await resolveOne(transaction, criteria, searching);
  if (second !== undefined) {
    throw preconditionFailed('The condition selects more than one resource. Make it narrower.', 'http.url');
  }
  return match;
}

function identified(
  resource: Resource,
  found: ResourceVersion | undefined,
  newId: string,
): Resource & { id: string } {
  if (found !== undefined && resource.id !== undefined && resource.id !== found.id) {
    throw badRequest(
      "The body's id is not that of the resource which the condition selects.",
      `${found.type}.id`,
    );
  }
  return { ...resource, id: found?.id ?? newId };
}
