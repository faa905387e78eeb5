import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { obligationPlanner } from '../../coordination/planner.ts';
import { verdictMarker } from '../../measures/kept/verdict-marker.ts';
import { limitEvaluation } from '../../measures/threads/evaluation.ts';
import { type Definitions, expandCodesWith, storedDefinitions } from '../../operations/stored-definitions.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { followDefinitions } from './follow-definitions.ts';
import { installProfiles } from './install.ts';
import { warnOfIntake } from './intake-warnings.ts';
import { type Knowledge, loadKnowledge } from './knowledge.ts';
import { type SearchParameters, searchParameters } from './search-parameters.ts';

export interface Services {
  readonly store: Store;
  /** One for the whole server: compiled Measures are kept per calendar. */
  readonly calendar: Calendar;
  readonly knowledge: Knowledge;
  readonly definitions: Definitions;
  readonly parameters: SearchParameters;
  /** Begins what goes on beside requests for the definitions; gives what ends it. */
  readonly followDefinitions: () => () => Promise<void>;
}

export interface GivenParts {
  /** A store opened by the caller, who closes it after the app. */
  readonly store?: Store;
  /** Whether our definitions are put into the store; default true. */
  readonly profiles?: boolean;
}

/** Milliseconds in which all servers of a database learn of a new search parameter. */
const SETTLE = 10_000;

/**
 * The composition root: the store, with validation before every write and the domain's listeners in their
 * order, first the planning of obligations, then the marking of stale verdicts; then our own definitions.
 */
export async function openServices(
  config: Config,
  log: FastifyBaseLogger,
  given: GivenParts,
): Promise<Services> {
  const calendar = createCalendar({ timeZone: config.timezone });
  limitEvaluation(calendar, config.evaluation);
  const knowledge = await loadKnowledge(config.packages, log);
  const later: { definitions?: Definitions } = {};
  const store =
    given.store ??
    (await openStore({
      databaseUrl: config.databaseUrl,
      dataFolder: config.dataFolder,
      timezone: config.timezone,
      validate: (resource) => (later.definitions ?? knowledge).validate(resource),
      searchParameters: knowledge.searchParameters,
      expandCodes: (set) => expandCodesWith(later.definitions?.known() ?? knowledge.definitions)(set),
    }));
  try {
    store.addListener(
      obligationPlanner({
        calendar,
        onProblem: ({ at }, error) => log.warn({ at, err: error }, 'a condition cannot be evaluated'),
      }),
    );
    store.addListener(verdictMarker(calendar));
    warnOfIntake(store, log);
    const parameters = searchParameters(store, knowledge.searchParameters, {
      timezone: config.timezone,
      settle: config.databaseUrl === undefined ? 0 : SETTLE,
    });
    const installed = given.profiles === false ? 0 : await installProfiles(store);
    log.info({ installed }, 'definitions in place');
    const definitions = storedDefinitions(store, knowledge.definitions, knowledge.validate);
    await definitions.current();
    later.definitions = definitions;
    await parameters.refresh();
    const follow = followDefinitions(
      store,
      { definitions, parameters },
      { alone: config.databaseUrl === undefined, log },
    );
    return { store, calendar, knowledge, definitions, parameters, followDefinitions: follow };
  } catch (error) {
    if (given.store === undefined) await store.close();
    throw error;
  }
}
