import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import { obligationPlanner } from '../coordination/planner.ts';
import { validateResource } from '../fhir/validation/validate.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { installProfiles } from './install.ts';

/**
 * The composition root: the store, with validation before every write and the domain's listeners in their
 * order, first the planning of obligations, then the marking of stale verdicts; then our own definitions.
 */
export async function openServices(config: Config, log: FastifyBaseLogger, given?: Store): Promise<Store> {
  const store =
    given ??
    (await openStore({
      ...(config.databaseUrl === undefined ? {} : { databaseUrl: config.databaseUrl }),
      ...(config.dataFolder === undefined ? {} : { dataFolder: config.dataFolder }),
      timezone: config.timezone,
      validate: (resource) => validateResource(resource),
    }));
  store.addListener(obligationPlanner());
  try {
    const installed = await installProfiles(store);
    log.info({ installed }, 'definitions in place');
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
