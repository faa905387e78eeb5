import type { Coding, Meta, Parameters, Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../fhir/json.ts';
import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import type { Reader } from '../store/store.ts';
import type { Operation, OperationAnswer, OperationCall, OperationParameter } from './operation.ts';

const META: OperationParameter = {
  name: 'meta',
  min: 1,
  max: '1',
  type: 'Meta',
  documentation: 'The profiles, security labels and tags meant.',
};

/** `$meta` (R4 resource-operation-meta.html) of one resource. */
export const metaOperation: Operation = {
  name: 'meta',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  title: 'Profiles, tags and security labels',
  documentation: 'Answers the meta of a resource.',
  levels: ['instance'],
  affectsState: false,
  parameters: [],
  run: async ({ reader, type, id }) => answer((await stored(reader, type, id)).meta),
};

/** `$meta-add` (R4 resource-operation-meta-add.html): adds what is not there yet. Makes a new version. */
export const metaAddOperation: Operation = {
  name: 'meta-add',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add',
  title: 'Add profiles, tags and security labels',
  documentation: 'Adds to the meta of a resource, and answers it.',
  levels: ['instance'],
  affectsState: true,
  parameters: [META],
  run: (call) => change(call, added),
};

/** `$meta-delete` (R4 resource-operation-meta-delete.html): takes away what is named. Makes a new version. */
export const metaDeleteOperation: Operation = {
  name: 'meta-delete',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete',
  title: 'Delete profiles, tags and security labels',
  documentation: 'Takes from the meta of a resource, and answers it.',
  levels: ['instance'],
  affectsState: true,
  parameters: [META],
  run: (call) => change(call, removed),
};

type Edit = (meta: Meta, given: Meta) => Meta;

async function change(call: OperationCall, edit: Edit): Promise<OperationAnswer> {
  const given = call.input.all('meta')[0];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badRequest('The parameter meta must be a Meta.', 'Parameters.meta');
  }
  checkLists(given as Meta);
  return call.store.transaction(async (transaction) => {
    const resource = await stored(transaction, call.type, call.id);
    const meta = edit(resource.meta ?? {}, given as Meta);
    const version = Number(resource.meta?.versionId);
    const [written] = await transaction.write([
      { op: 'update', resource: { ...resource, meta }, ifMatch: version },
    ]);
    return answer(written?.resource?.meta);
  });
}

/** Only lists are merged; their content is checked with the whole resource. */
function checkLists(given: Meta): void {
  for (const name of ['profile', 'tag', 'security'] as const) {
    const list: unknown = given[name];
    if (list !== undefined && !Array.isArray(list)) {
      throw badRequest(`meta.${name} must be a list.`, `Parameters.meta.${name}`, 'structure');
    }
  }
}

function added(meta: Meta, given: Meta): Meta {
  return merged(meta, {
    profile: [...new Set([...(meta.profile ?? []), ...(given.profile ?? [])])],
    tag: withCodings(meta.tag, given.tag),
    security: withCodings(meta.security, given.security),
  });
}

function removed(meta: Meta, given: Meta): Meta {
  return merged(meta, {
    profile: (meta.profile ?? []).filter((url) => !given.profile?.includes(url)),
    tag: withoutCodings(meta.tag, given.tag),
    security: withoutCodings(meta.security, given.security),
  });
}

/** FHIR has no empty lists. */
function merged(meta: Meta, lists: { profile: string[]; tag: Coding[]; security: Coding[] }): Meta {
  const { profile: _profile, tag: _tag, security: _security, ...rest } = meta;
  const kept = Object.entries(lists).filter(([, list]) => list.length > 0);
  return { ...rest, ...Object.fromEntries(kept) };
}

/** Two codings are the same tag when system and code are (R4 resource-operation-meta-delete.html). */
const keyOf = ({ system, code }: Coding): string => `${system ?? ''}|${code ?? ''}`;

function withCodings(current: readonly Coding[] = [], given: readonly Coding[] = []): Coding[] {
  return [...new Map([...given, ...current].map((coding) => [keyOf(coding), coding])).values()];
}

function withoutCodings(current: readonly Coding[] = [], given: readonly Coding[] = []): Coding[] {
  const taken = new Set(given.map(keyOf));
  return current.filter((coding) => !taken.has(keyOf(coding)));
}

async function stored(reader: Reader, type = '', id = ''): Promise<Resource & { id: string }> {
  const version = await reader.read(type, id);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`);
  if (version.deleted) throw gone(`This ${type} was deleted.`);
  return parseJsonText(version.content) as Resource & { id: string };
}

function answer(meta: Meta | undefined): OperationAnswer {
  const resource: Parameters = {
    resourceType: 'Parameters',
    parameter: [{ name: 'return', valueMeta: meta ?? {} }],
  };
  return { resource };
}
