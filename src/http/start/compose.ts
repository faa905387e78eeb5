import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../../config.ts';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { obligationPlanner } from '../../coordination/planner.ts';
import { verdictMarker } from '../../measures/kept/verdict-marker.ts';
import { type Definitions, expandCodesWith, storedDefinitions } from '../../operations/stored-definitions.ts';
import { openStore } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import { installProfiles } from './install.ts';
import { type Knowledge, loadKnowledge } from './knowledge.ts';

export interface Services {
  readonly store: Store;
  /** One for the whole server: compiled Measures are kept per calendar. */
  readonly calendar: Calendar;
  readonly knowledge: Knowledge;
  readonly definitions: Definitions;
}

export interface GivenParts {
  /** A store opened by the caller, who closes it after the app. */
  readonly store?: Store;
  /** Whether our definitions are put into the store; default true. */
  readonly profiles?: boolean;
}

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
  const knowledge = await loadKnowledge(config.packages, log);
  const later: { definitions?: Definitions } = {};
  const store =
    given.store ??
    (await openStore({
      databaseUrl: config.databaseUrl,
      dataFolder: config.dataFolder,
      timezone: config.timezone,
      validate: (resource) => knowledge.validate(resource),
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
    const installed = given.profiles === false ? 0 : await installProfiles(store);
    log.info({ installed }, 'definitions in place');
    later.definitions = storedDefinitions(store, knowledge.definitions);
    return { store, calendar, knowledge, definitions: later.definitions };
  } catch (error) {
    if (given.store === undefined) await store.close();
    throw error;
  }
}
