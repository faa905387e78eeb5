/**
 * MedCom end to end through a real socket: HospitalNotification messages and OIOXML letters of generated courses,
 * each parsed, validated, stored, its obligations planned and acknowledged, while verdicts are refreshed in the
 * background. Beside it the store's own rate in the same run: transactions that create one Encounter and nothing more.
 *
 *   node test/bench/medcom.ts [courses, default 60] [at a time, default 8]
 */

import type { Bundle } from '@medplum/fhirtypes';
import { requestFor } from '../../src/cli/load/sources.ts';
import { httpTarget, problemOf } from '../../src/cli/load/target.ts';
import { openStore } from '../../src/store/open.ts';
import type { Sending } from '../../src/synthetic/medcom/course.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { line, machine, percent, rateOf, sizeArgument } from './support/figures.ts';
import { startOvergang } from './support/processes.ts';

const courses = sizeArgument(0, 60);
const lanes = sizeArgument(1, 8);
const WARM_UP = 10;

const server = await startPostgres();
const url = server.url('postgres');
const overgang = await startOvergang(url);
const target = httpTarget(`${overgang.origin}/fhir`);

async function send(sending: Sending): Promise<void> {
  const answer = await target.send(requestFor({ text: JSON.stringify(sending), where: 'generated' }));
  const refused = answer.status !== 200 || answer.body.includes('fatal-error');
  if (refused) throw new Error(`refused: ${problemOf(answer)}`);
}

/** What of one course follows each other; courses side by side. @returns sent a second */
async function sendAll(each: readonly (readonly Sending[])[]): Promise<number> {
  const waiting = [...each];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let course = waiting.pop(); course !== undefined; course = waiting.pop()) {
        for (const sending of course) await send(sending);
      }
    }),
  );
  return each.flat().length / ((performance.now() - start) / 1000);
}

const isMessage = (sending: Sending) => (sending as Bundle).type === 'message';
const isLetter = (sending: Sending) => sending.resourceType === 'Binary';
const population = populationOptions({ ...DEFAULT_REQUEST, courses: courses + WARM_UP, as: 'medcom' });
const all = [...generateCourses(population)].map(({ sendings }) => sendings);
const messages = all.map((course) => course.filter(isMessage));
const letters = all.map((course) => course.filter(isLetter));

await sendAll([organisationBundles()]);
const known = all.map((course) => course.filter((one) => !isMessage(one) && !isLetter(one)));
await sendAll(known);
await sendAll(messages.slice(0, WARM_UP));
await sendAll(letters.slice(0, WARM_UP));
const messageRate = await sendAll(messages.slice(WARM_UP));
const letterRate = await sendAll(letters.slice(WARM_UP));
await overgang.stop();

const store = await openStore({ databaseUrl: url });
const transactionRate = await rateOf(3, lanes, () =>
  store.transaction((transaction) =>
    transaction.write([
      {
        op: 'create',
        resource: {
          resourceType: 'Encounter',
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
          subject: { reference: 'Patient/bench' },
          period: { start: '2026-03-10T09:00:00+01:00', end: '2026-03-12T14:00:00+01:00' },
        },
      },
    ]),
  ),
);
await store.close();
await server.stop();

console.log(machine(server.version));
const [messageCount, letterCount] = [messages, letters].map((one) => one.slice(WARM_UP).flat().length);
console.log(`${courses} courses: ${messageCount} messages, ${letterCount} letters, ${lanes} at a time`);
line('', 'a second', 'of raw store');
line('HospitalNotification messages', messageRate.toFixed(0), percent(messageRate, transactionRate));
line('letters', letterRate.toFixed(0), percent(letterRate, transactionRate));
line('raw store transactions', transactionRate.toFixed(0));
