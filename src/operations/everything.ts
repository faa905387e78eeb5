import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import { parseSearch } from '../fhir/search/parse.ts';
import { isSupportedType } from '../fhir/types.ts';
import type { ResourceVersion } from '../store/store.ts';
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
    documentation: 'Records a page; what they refer to comes along.',
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
  run: async (call) => {
    const self = await current(call);
    const query = parseSearch(undefined, pageParameters(call, [['_include', '*']]), {
      compartment: { type: 'Patient', id: call.id as string },
      timezone: call.timezone,
    });
    return pageOf(call, self, await call.reader.search(query));
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
  run: async (call) => {
    const self = await current(call);
    const parameters = pageParameters(call, [
      ['episode-of-care', `EpisodeOfCare/${call.id}`],
      ...OF_A_STAY.map((type) => ['_revinclude', `${type}:encounter`] as const),
      ['_include:iterate', '*'],
    ]);
    // _since and _type are about what belongs to a stay too, not only about the stays that are searched.
    const search = parameters.filter(([name]) => name !== '_lastUpdated' && name !== '_type');
    const page = await call.reader.search(parseSearch('Encounter', search, { timezone: call.timezone }));
    const around =
      call.input.text('_cursor') === undefined
        ? await call.reader.search(
            parseSearch('EpisodeOfCare', [
              ['_id', call.id as string],
              ['_include', '*'],
            ]),
          )
        : undefined;
    const included = [...page.included, ...(around?.included ?? [])];
    return pageOf(call, self, { ...page, included });
  },
};

async function current({ reader, type, id }: OperationCall): Promise<ResourceVersion> {
  const version = await reader.read(type as string, id as string);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`);
  if (version.deleted) throw gone(`This ${type} was deleted.`);
  return version;
}

type Pairs = (readonly [name: string, value: string])[];

function pageParameters({ input }: OperationCall, more: Pairs): Pairs {
  const since = input.text('_since');
  const cursor = input.text('_cursor');
  const types = wantedTypes(input.all('_type'));
  return [
    ...more,
    ['_count', String(Math.min(Math.max(input.whole('_count') ?? DEFAULT_COUNT, 1), 1000))],
    ...(since === undefined ? [] : ([['_lastUpdated', `ge${since}`]] as Pairs)),
    ...(types.length === 0 ? [] : ([['_type', types.join(',')]] as Pairs)),
    ...(cursor === undefined ? [] : ([['_cursor', cursor]] as Pairs)),
  ];
}

function wantedTypes(given: readonly unknown[]): string[] {
  const types = given.flatMap((text) => (typeof text === 'string' ? text.split(',') : [])).filter(Boolean);
  if (!types.every(isSupportedType))
    throw badRequest('_type names a type that is not served here.', 'http._type');
  return types;
}

type Found = { matches: readonly ResourceVersion[]; included: readonly ResourceVersion[]; next?: string };

/** The resource itself opens the first page; nothing comes twice on a page. */
function pageOf(call: OperationCall, self: ResourceVersion, found: Found): OperationAnswer {
  const types = new Set(wantedTypes(call.input.all('_type')));
  const since = Date.parse(call.input.text('_since') ?? '') || 0;
  const first = call.input.text('_cursor') === undefined ? [self] : [];
  const page = new Map<string, ResourceVersion>();
  for (const version of [...first, ...found.matches, ...found.included]) {
    const key = `${version.type}/${version.id}`;
    const isSelf = version.type === self.type && version.id === self.id;
    if (isSelf && first.length === 0) continue;
    if (types.size > 0 && !types.has(version.type)) continue;
    if (Date.parse(version.lastUpdated) < since) continue;
    if (!page.has(key)) page.set(key, version);
  }
  return { page: [...page.values()], ...(found.next === undefined ? {} : { next: found.next }) };
}
