/**
 * Overgang as it is, but for the verdicts: it neither marks stays stale nor refreshes them. What it does more of in
 * the same time is what keeping verdicts fresh costs (fresh.ts).
 */

import { loadConfig } from '../../src/config.ts';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { buildApp } from '../../src/http/app.ts';
import { loadKnowledge } from '../../src/http/start/knowledge.ts';
import { openStore } from '../../src/store/open.ts';

const config = loadConfig();
const quiet = { info() {}, warn() {} } as unknown as Parameters<typeof loadKnowledge>[1];
const knowledge = await loadKnowledge(config.packages, quiet);
const store = await openStore({
  databaseUrl: config.databaseUrl,
  timezone: createCalendar().timeZone,
  validate: (resource) => knowledge.validate(resource),
  searchParameters: knowledge.searchParameters,
});
const { addListener } = store;
store.addListener = (listener) => {
  if (listener.name !== 'verdicts') addListener(listener);
};
const app = await buildApp(config, { store });
await app.listen({ host: config.host, port: config.port });
process.on('SIGTERM', async () => {
  await app.close();
  await store.close();
  process.exit(0);
});
