import { randomUUID } from 'node:crypto';
import type { OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { carryTexts } from '../../fhir/json.ts';
import { badRequest, errorIssue, FhirError, unprocessable } from '../../fhir/outcome.ts';
import { extractIndexRows } from '../../fhir/search/extract.ts';
import type { IndexRows } from '../../fhir/search/index-rows.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { isSupportedType } from '../../fhir/types.ts';
import { digestOf, keyOf } from '../keys.ts';
import type { Change } from '../store.ts';
import { type Content, contentOf } from './content.ts';
import { type ChangeIssue, issuesOf, WriteError } from './write-error.ts';

/** A change, checked and worked out as far as possible without the database. */
export interface PreparedChange {
  readonly op: 'C' | 'U' | 'D';
  readonly key: string;
  readonly type: string;
  readonly id: string;
  readonly ifMatch: number | null;
  /** Absent for a delete. */
  readonly stored?: {
    readonly resource: Resource & { id: string };
    readonly content: Content;
    readonly rows: IndexRows;
    readonly rowsDigest: string;
  };
}

export interface Preparation {
  readonly registry: ParameterRegistry;
  readonly validate: (resource: unknown) => readonly OperationOutcomeIssue[];
  readonly zone?: string | undefined;
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const OPERATIONS = { create: 'C', update: 'U', delete: 'D' } as const;

/** Equal digests are the same index rows. */
export function rowsDigestOf(rows: IndexRows): string {
  return digestOf(JSON.stringify(rows));
}

function checkTarget(type: string, id: string): void {
  if (!isSupportedType(type)) {
    throw badRequest(`This server does not store resources of type "${type}"`, undefined, 'not-supported');
  }
  if (!ID.test(id)) {
    throw badRequest(
      'A resource id has 1 to 64 characters: letters A–Z and a–z, digits, hyphen and full stop',
      `${type}.id`,
      'value',
    );
  }
}

type Checked = Pick<PreparedChange, 'op' | 'type' | 'id' | 'ifMatch'> & {
  /** Absent for a delete. */
  readonly resource?: Resource & { id: string };
};

function checkOne(change: Change, preparation: Preparation): Checked {
  const ifMatch = change.op === 'create' ? null : (change.ifMatch ?? null);
  const op = OPERATIONS[change.op];
  if (change.op === 'delete') {
    checkTarget(change.type, change.id);
    return { op, type: change.type, id: change.id, ifMatch };
  }
  const type = (change.resource as { readonly resourceType?: unknown } | null)?.resourceType;
  if (typeof type !== 'string') {
    throw badRequest('A resource is a JSON object with a "resourceType"', 'resourceType', 'required');
  }
  const resource = carryTexts(change.resource, {
    ...change.resource,
    id: change.resource.id ?? randomUUID(),
  }) as Resource & { id: string };
  checkTarget(type, resource.id);
  const broken = preparation
    .validate(resource)
    .filter(({ severity }) => severity === 'error' || severity === 'fatal');
  if (broken.length > 0) {
    throw unprocessable(broken);
  }
  return { op, type, id: resource.id, ifMatch, resource };
}

/** Each step for all of them before the next one, whose code and tables take the place of this one's in the caches. */
function workOut(checked: readonly Checked[], { registry, zone }: Preparation): readonly PreparedChange[] {
  const rows = checked.map(({ resource }) => resource && extractIndexRows(resource, registry, zone));
  const digests = rows.map((each) => each && rowsDigestOf(each));
  const contents = checked.map(({ resource }) => resource && contentOf(resource));
  return checked.map(({ resource, ...change }, index): PreparedChange => {
    const key = keyOf(`${change.type}/${change.id}`);
    if (resource === undefined) return { ...change, key };
    const stored = {
      resource,
      content: contents[index]!,
      rows: rows[index]!,
      rowsDigest: digests[index]!,
    };
    return { ...change, key, stored };
  });
}

function checkDistinct(prepared: readonly PreparedChange[]): void {
  const seen = new Set<string>();
  prepared.forEach(({ key, type, id }, change) => {
    if (seen.has(key)) {
      const text = `${type}/${id} occurs twice in one write: a resource can change once in a transaction`;
      throw new WriteError(400, [{ change, issue: errorIssue('invalid', text, `${type}.id`) }]);
    }
    seen.add(key);
  });
}

/**
 * Checks changes and works out their texts, digests and index rows. Pure but for the ids it assigns.
 * @throws WriteError 400 for a resource that is none, or the same one twice; 422 with every broken rule
 */
export function prepareChanges(
  changes: readonly Change[],
  preparation: Preparation,
): readonly PreparedChange[] {
  const refused: { readonly status: number; readonly issues: readonly ChangeIssue[] }[] = [];
  const checked = changes.flatMap((change, index) => {
    try {
      return [checkOne(change, preparation)];
    } catch (error) {
      if (!(error instanceof FhirError)) {
        throw error;
      }
      refused.push({ status: error.status, issues: issuesOf(error, index) });
      return [];
    }
  });
  const [first] = refused;
  if (first !== undefined) {
    // A change that is no resource at all (400) outweighs broken rules (422).
    const status = Math.min(...refused.map((each) => each.status));
    throw new WriteError(
      status,
      refused.flatMap(({ issues }) => issues),
    );
  }
  const prepared = workOut(checked, preparation);
  checkDistinct(prepared);
  return prepared;
}
