import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import { compartmentTypes } from '../fhir/search/compartments.ts';
import { parseSearch } from '../fhir/search/parse.ts';
import type { SearchQuery } from '../fhir/search/query.ts';
import { dateInterval } from '../fhir/search/values/interval.ts';
import { isSupportedType } from '../fhir/types.ts';
import type { Reader, ResourceVersion, SearchPage } from '../store/store.ts';
import type { Operation, OperationAnswer, OperationCall, OperationParameter } from './operation.ts';

const PARAMETERS: readonly OperationParameter[] = [
  {
    name: '_since',
    min: 0,
    max: '1',
    type: 'instant',
    documentation: 'Only what was stored at or after this time.',
  },
  {
    name: '_type',
    min: 0,
    max: '*',
    type: 'string',
    documentation: 'Only these types, separated by commas.',
  },
  {
    name: '_count',
    min: 0,
    max: '1',
    type: 'integer',
    documentation: 'Records a page.',
  },
  { name: '_cursor', min: 0, max: '1', type: 'string', documentation: 'Of the link to the next page.' },
];

/** Records of a page when the client does not say. */
const DEFAULT_COUNT = 200;

/** `Patient/[id]/$everything` (R4 patient-operation-everything.html): the compartment, and what it refers to. */
export const patientEverything: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  title: 'Everything about a citizen',
  documentation:
    "All that is in the citizen's compartment, the citizen first, and what it refers to; in pages.",
  levels: ['instance'],
  types: ['Patient'],
  affectsState: false,
  parameters: PARAMETERS,
  run: (call) => {
    const options = {
      compartment: { type: 'Patient', id: call.id as string },
      timezone: call.timezone,
      registry: call.registry,
    };
    const members = compartmentTypes(call.registry, 'Patient');
    return everything(call, {
      // What is asked for may be among what the compartment refers to.
      narrows: (types) => types.every((type) => members.includes(type)),
      records: (parameters) => parseSearch(undefined, parameters, options),
      references: [(parameters) => parseSearch(undefined, [...parameters, ['_include', '*']], options)],
    });
  },
};

/** What belongs to a stay. */
const OF_A_STAY = [
  'Communication',
  'CarePlan',
  'Task',
  'Condition',
  'Observation',
  'QuestionnaireResponse',
  'Flag',
];

/**
 * `EpisodeOfCare/[id]/$everything`, of Overgang: the course, its stays, and what belongs to them: exchanges, plans,
 * obligations, observations; with the people and organisations they refer to.
 */
export const courseEverything: Operation = {
  name: 'everything',
  definition: 'https://overgang.dk/fhir/OperationDefinition/EpisodeOfCare-everything',
  title: 'Everything about a course',
  documentation:
    'The course, its stays, their exchanges, plans and obligations, and what they refer to; in pages.',
  levels: ['instance'],
  types: ['EpisodeOfCare'],
  affectsState: false,
  parameters: PARAMETERS,
  run: (call) => {
    const { id, timezone, registry } = call;
    const stays = (parameters: Pairs, more: Pairs): SearchQuery =>
      parseSearch(
        'Encounter',
        [
          ['episode-of-care', `EpisodeOfCare/${id}`],
          ...OF_A_STAY.map((type) => ['_revinclude', `${type}:encounter`] as const),
          ...more,
          ...parameters,
        ],
        { timezone, registry },
      );
    return everything(call, {
      // _since and _type are about what belongs to a stay too, not only about the stays that are searched.
      narrows: () => false,
      records: (parameters) => stays(parameters, []),
      references: [
        (parameters) => stays(parameters, [['_include:iterate', '*']]),
        (parameters) =>
          parseSearch('EpisodeOfCare', [['_id', id as string], ['_include', '*'], ...parameters], {
            timezone,
            registry,
          }),
      ],
    });
  },
};

type Pairs = (readonly [name: string, value: string])[];
type Ask = (parameters: Pairs) => SearchQuery;

/** How everything about a resource is searched for. */
interface Scope {
  /** Whether a search of records may be limited to these types. */
  readonly narrows: (types: readonly string[]) => boolean;
  /** The records; each is found on one page. */
  readonly records: Ask;
  /** The records with what they refer to. */
  readonly references: readonly Ask[];
}

/** Begins the cursor of a page of referred resources; `~` begins none of the store's. */
const REFERRED = '~';

/**
 * First the resource itself, then the records page by page, then what they refer to, by type and id: each once,
 * however many records refer to it, whatever is written meanwhile.
 */
async function everything(call: OperationCall, scope: Scope): Promise<OperationAnswer> {
  const self = await current(call);
  const types = wantedTypes(call.input.all('_type'));
  const since = call.input.text('_since');
  const from = since === undefined ? undefined : dateInterval(since, call.timezone)?.low;
  if (since !== undefined && from === undefined) {
    throw badRequest('_since is an instant such as 2026-03-01T08:00:00Z.', 'Parameters._since', 'value');
  }
  const count = Math.min(Math.max(call.input.whole('_count') ?? DEFAULT_COUNT, 1), 1000);
  const cursor = call.input.text('_cursor');
  const wanted = ({ type, lastUpdated }: ResourceVersion): boolean =>
    (types.length === 0 || types.includes(type)) && (from === undefined || Date.parse(lastUpdated) >= from);
  const narrow = scope.narrows(types);
  const parameters: Pairs = [
    ['_count', String(count)],
    ...(since === undefined || !narrow ? [] : ([['_lastUpdated', `ge${since}`]] as Pairs)),
    ...(types.length === 0 || !narrow ? [] : ([['_type', types.join(',')]] as Pairs)),
  ];
  const page: ResourceVersion[] = [];
  let after = '';
  if (cursor?.startsWith(REFERRED)) {
    after = keyIn(cursor);
  } else {
    const query = scope.records(cursor === undefined ? parameters : [...parameters, ['_cursor', cursor]]);
    const { matches, included, next } = await call.reader.search(query);
    const others = [...matches, ...included].filter((each) => keyOf(each) !== keyOf(self));
    page.push(...[...(cursor === undefined ? [self] : []), ...others].filter(wanted));
    if (next !== undefined) return { page, next };
  }
  const referred = (await referredBy(call, scope, self)).filter(
    (each) => keyOf(each) > after && wanted(each),
  );
  page.push(...referred.slice(0, count));
  const last = page.at(-1);
  return referred.length > count && last !== undefined
    ? { page, next: `${REFERRED}${Buffer.from(keyOf(last)).toString('base64url')}` }
    : { page };
}

const keyOf = ({ type, id }: ResourceVersion): string => `${type}/${id}`;

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor.slice(REFERRED.length), 'base64url').toString();
  if (!/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}$/.test(key)) {
    throw badRequest('The link to the page is damaged. Start again without _cursor.', 'http._cursor');
  }
  return key;
}

/** What the records refer to and is no record itself, ordered by key. */
async function referredBy(
  { reader }: OperationCall,
  { records, references }: Scope,
  self: ResourceVersion,
): Promise<ResourceVersion[]> {
  const found = new Map<string, ResourceVersion>();
  for (const ask of references) {
    for await (const { included } of pagesOf(reader, ask)) {
      for (const each of included) found.set(keyOf(each), each);
    }
  }
  found.delete(keyOf(self));
  if (found.size > 0) {
    for await (const { matches, included } of pagesOf(reader, records)) {
      for (const each of [...matches, ...included]) found.delete(keyOf(each));
    }
  }
  return [...found.values()].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

async function* pagesOf(reader: Reader, ask: Ask): AsyncGenerator<SearchPage> {
  let cursor: string | undefined;
  do {
    const page = await reader.search(
      ask([['_count', '1000'], ...(cursor === undefined ? [] : ([['_cursor', cursor]] as Pairs))]),
    );
    yield page;
    cursor = page.next;
  } while (cursor !== undefined);
}

async function current({ reader, type, id }: OperationCall): Promise<ResourceVersion> {
  const version = await reader.read(type as string, id as string);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`);
  if (version.deleted) throw gone(`This ${type} was deleted.`);
  return version;
}

function wantedTypes(given: readonly unknown[]): string[] {
  const types = given.flatMap((text) => (typeof text === 'string' ? text.split(',') : [])).filter(Boolean);
  if (!types.every(isSupportedType))
    throw badRequest('_type names a type that is not served here.', 'http._type');
  return types;
}
