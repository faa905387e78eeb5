import type { Resource } from '@medplum/fhirtypes';
import { errorIssue, FhirError, gone, notFound } from '../../fhir/outcome.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { TimeBudget } from '../../fhir/within-time.ts';
import type { Reader, ResourceVersion } from '../../store/store.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** One page of a search, as the fields of a list or a connection need it. */
export interface FoundPage {
  readonly resources: readonly Resource[];
  readonly total?: number;
  readonly next?: string;
  readonly count: number;
}

/** What the resolvers of one request share: reads are gathered, and all of them are counted. */
export interface Session {
  /** @throws FhirError 404 or 410 */
  read(type: string, id: string): Promise<Resource>;
  /** @throws FhirError 400 for a value that the search does not understand */
  search(type: string, parameters: Pairs): Promise<FoundPage>;
  /** The resource that an element lies in, contained resources included: what `#id` is looked up in. */
  containerOf(element: object): Resource;
  within(element: object, container: Resource): void;
  /** For the FHIRPath of all arguments. */
  readonly budget: TimeBudget;
}

export interface SessionOptions {
  readonly reader: Reader;
  readonly registry: ParameterRegistry;
  readonly timezone: string;
}

/** R4 datatypes.html#id */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** What one request may cost the store. */
const MOST_RESOURCES = 2_000;
const MOST_SEARCHES = 100;
const MOST_AT_ONCE = 4;
/** Milliseconds of FHIRPath. */
const LONGEST = 1_000;
const MOST_OF_A_LIST = 200;
const DEFAULT_OF_A_LIST = 50;

/** Opens a session for one request. */
export function openSession({ reader, registry, timezone }: SessionOptions): Session {
  const containers = new WeakMap<object, Resource>();
  const known = new Map<string, Promise<ResourceVersion | undefined>>();
  let waiting: { type: string; id: string }[] = [];
  let gathered: Promise<ReadonlyMap<string, ResourceVersion>> | undefined;
  let resources = 0;
  let searches = 0;
  let running = 0;
  const queue: (() => void)[] = [];

  const spend = (more: number): void => {
    resources += more;
    if (resources > MOST_RESOURCES) {
      throw tooCostly(`The query reaches more than ${MOST_RESOURCES} resources; ask for fewer with _count.`);
    }
  };
  /** One request may not take all connections to the database. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < MOST_AT_ONCE) running += 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
  /** References that are resolved in the same turn are read in one round trip. */
  const load = (type: string, id: string): Promise<ResourceVersion | undefined> => {
    const key = `${type}/${id}`;
    let version = known.get(key);
    if (version === undefined) {
      waiting.push({ type, id });
      gathered ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        const keys = waiting;
        waiting = [];
        gathered = undefined;
        return reader.readMany(keys);
      });
      version = gathered.then((found) => found.get(key));
      known.set(key, version);
    }
    return version;
  };

  return {
    budget: { left: LONGEST },
    async read(type, id) {
      spend(1);
      if (!ID.test(id)) throw notFound('There is no resource with such an id (R4 datatypes.html#id).');
      const version = await load(type, id);
      if (version !== undefined) return JSON.parse(version.content) as Resource;
      // Deleted ones are left out of a bulk read.
      if ((await inTurn(() => reader.read(type, id)))?.deleted) throw gone(`This ${type} was deleted.`);
      throw notFound(`There is no ${type} with this id.`);
    },
    async search(type, parameters) {
      searches += 1;
      if (searches > MOST_SEARCHES) {
        throw tooCostly(`The query takes more than ${MOST_SEARCHES} searches; ask for fewer with _count.`);
      }
      const query = parseSearch(type, parameters, {
        registry,
        timezone,
        defaultCount: DEFAULT_OF_A_LIST,
        maxCount: MOST_OF_A_LIST,
      });
      const { matches, total, next } = await inTurn(() => reader.search(query));
      spend(matches.length);
      return {
        resources: matches.map(({ content }) => JSON.parse(content) as Resource),
        count: query.count,
        ...(total === undefined ? {} : { total }),
        ...(next === undefined ? {} : { next }),
      };
    },
    containerOf: (element) => containers.get(element) ?? (element as Resource),
    within: (element, container) => {
      containers.set(element, container);
    },
  };
}

/** 422: understood, and too much for one request. */
export function tooCostly(diagnostics: string): FhirError {
  return new FhirError(422, [errorIssue('too-costly', diagnostics, 'Parameters.query')]);
}
