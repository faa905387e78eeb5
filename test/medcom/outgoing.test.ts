import { describe, expect, it } from '@jest/globals';
import type { AuditEvent, Communication } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { sendDue } from '../../src/medcom/outgoing/send-due.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { onStore } from '../support/stores.ts';
import { HOSPITAL, MUNICIPALITY } from './hospital.ts';
import {
  acknowledge,
  bundleOf,
  communication,
  endpoint,
  organisation,
  parties,
  put,
  receiver,
  rows,
  send,
  states,
} from './outgoing-support.ts';
import { when } from './stay-scenario.ts';
import { all } from './support.ts';

onStore('PostgreSQL', (fixture) => {
  describe('outgoing messages', () => {
    const question = async () => {
      const store = await fixture.open();
      await parties(store, endpoint('ward'));
      await put(store, communication('question'));
      await send(store, 'question');
      return store;
    };

    it('a message that its answer acknowledges is settled, and every step is an AuditEvent with both parties', async () => {
      const store = await question();
      const { post } = receiver((sent) => JSON.stringify(acknowledge(bundleOf(sent), 'ok')));
      expect(await sendDue(store, { post, now: () => when('04T10') })).toBe(1);
      expect(await rows(store)).toEqual([{ state: 'acknowledged', attempts: 1, last_error: null }]);
      const audits = await all<AuditEvent>(store, 'AuditEvent', [['entity', 'Communication/question']]);
      expect(audits.map((audit) => audit.subtype?.[0]?.code).sort()).toEqual(['acknowledged', 'awaiting']);
      for (const audit of audits) {
        expect(
          audit.agent.map(({ type, who, altId }) => [type?.text, who?.identifier?.value, altId]),
        ).toEqual([
          ['ehmiSender', MUNICIPALITY.sor, MUNICIPALITY.gln],
          ['ehmiReceiver', HOSPITAL.sor, HOSPITAL.gln],
        ]);
        expect(audit.entity?.map((each) => each.name)).toEqual([
          'ehmiMessage',
          'ehmiMessageEnvelope',
          'ehmiPatient',
          undefined,
        ]);
        expect(JSON.stringify(audit)).not.toContain('2509479989');
      }
    });

    it('without an acknowledgement it is sent again after 30 minutes as a new transmission, and given up at last', async () => {
      const store = await question();
      const { post, got } = receiver();
      const at = (time: string) => sendDue(store, { post, now: () => when(time) });
      expect([
        await at('04T10'),
        await at('04T10:29'),
        await at('04T10:30'),
        await at('04T11'),
        await at('04T11:30'),
      ]).toEqual([1, 0, 1, 1, 1]);
      expect(await rows(store)).toEqual([{ state: 'awaiting', attempts: 4, last_error: null }]);
      await at('04T12');
      expect(await rows(store)).toEqual([
        { state: 'in-error', attempts: 4, last_error: 'no acknowledgement' },
      ]);
      const bundles = got.map(bundleOf);
      expect(new Set(bundles.map((bundle) => bundle.id)).size).toBe(4);
      expect(new Set(bundles.map((bundle) => bundle.entry![0]!.resource!.id)).size).toBe(1);
      // A late acknowledgement is an acknowledgement.
      await processMessage(store, acknowledge(bundles[0]!, 'ok'));
      expect(await states(store)).toEqual(['acknowledged']);
    });

    it('retries and patience are those that are asked for', async () => {
      const store = await question();
      const { post, got } = receiver();
      const at = (time: string) =>
        sendDue(store, { post, retries: 1, patience: 5 * 60_000, now: () => when(time) });
      for (const time of ['04T10', '04T10:05', '04T10:10', '04T10:15']) await at(time);
      expect(got).toHaveLength(2);
      expect(await states(store)).toEqual(['in-error']);
    });

    it('a receiver that cannot be reached, or answers with trouble, leaves the message waiting', async () => {
      const store = await question();
      await sendDue(store, {
        post: () => Promise.reject(new Error('connect ECONNREFUSED')),
        now: () => when('04T10'),
      });
      expect(await rows(store)).toEqual([
        { state: 'waiting', attempts: 1, last_error: 'connect ECONNREFUSED' },
      ]);
      await sendDue(store, {
        post: async () => ({ status: 502, body: '<html>Bad gateway</html>' }),
        now: () => when('04T10:30'),
      });
      expect(await rows(store)).toEqual([
        { state: 'waiting', attempts: 2, last_error: 'The receiver answered 502.' },
      ]);
      const audits = await all<AuditEvent>(store, 'AuditEvent');
      expect(audits.map(({ outcome }) => outcome)).toEqual(['8', '8']);
    });

    it('an acknowledgement that comes later as a message of its own settles it; a transient one does not', async () => {
      const store = await question();
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      const bundle = bundleOf(got[0]!);
      expect(await processMessage(store, acknowledge(bundle, 'transient-error'))).toBeUndefined();
      expect(await states(store)).toEqual(['awaiting']);
      expect(await processMessage(store, acknowledge(bundle, 'fatal-error'))).toBeUndefined();
      expect(await rows(store)).toEqual([{ state: 'in-error', attempts: 1, last_error: 'fatal-error' }]);
      // The receiver's word holds.
      await processMessage(store, acknowledge(bundle, 'ok'));
      expect(await states(store)).toEqual(['in-error']);
    });

    it('a receiver that acknowledges while its answer is lost, or answers for others, is believed for its own message only', async () => {
      const store = await question();
      await put(store, communication('other'));
      await send(store, 'other');
      const sent: string[] = [];
      await sendDue(store, {
        now: () => when('04T10'),
        post: async (transmission) => {
          const bundle = bundleOf(transmission);
          const first = sent.length === 0;
          sent.push(bundle.entry![0]!.resource!.id!);
          if (first) {
            await processMessage(store, acknowledge(bundle, 'ok'));
            throw new Error('timeout');
          }
          const header = bundle.entry![0]!.resource!;
          const foreign = {
            ...bundle,
            entry: [{ resource: { ...header, id: sent[0]! } }, ...bundle.entry!.slice(1)],
          };
          return { status: 200, body: JSON.stringify(acknowledge(foreign, 'fatal-error')) };
        },
      });
      expect([...(await states(store))].sort()).toEqual(['acknowledged', 'awaiting']);
    });

    it('what the Communication lacks to be sent is told by place, and nothing is queued', async () => {
      const store = await fixture.open();
      await parties(store);
      const { recipient: _nobody, ...nobody } = communication('nobody');
      await put(
        store,
        communication('nowhere'),
        nobody,
        communication('person', { recipient: [{ reference: 'Patient/elmer' }] }),
        communication('mistaken', { status: 'entered-in-error' }),
      );
      const places = async (id: string) => {
        const error = (await send(store, id).catch((reason: unknown) => reason)) as {
          status: number;
          outcome?: { issue: { expression?: string[] }[] };
        };
        return [error.status, error.outcome?.issue.map((issue) => issue.expression?.[0])];
      };
      expect(await places('nowhere')).toEqual([422, ['Communication.recipient[0].resolve().endpoint']]);
      expect(await places('nobody')).toEqual([422, ['Communication.recipient']]);
      expect(await places('person')).toEqual([422, ['Communication.recipient[0]']]);
      expect(await places('mistaken')).toEqual([422, ['Communication.status']]);
      expect((await places('nothing'))[0]).toBe(404);
      expect(await rows(store)).toEqual([]);
    });

    it('sent twice it goes once to each recipient; after a failure it begins anew', async () => {
      const store = await fixture.open();
      await parties(store, endpoint('ward'));
      await put(
        store,
        {
          ...organisation('practice', { ...HOSPITAL, sor: '1', gln: '5790000127092' }),
          partOf: { reference: 'Organization/hospital' },
        },
        communication('question', {
          recipient: [{ reference: 'Organization/hospital' }, { reference: 'Organization/practice' }],
        }),
      );
      const first = await send(store, 'question');
      expect(first.map(({ receiver }) => receiver)).toEqual([
        'Organization/hospital',
        'Organization/practice',
      ]);
      expect(await send(store, 'question')).toEqual(first);
      const { post, got } = receiver((sent) => {
        const bundle = bundleOf(sent);
        const isFirst = bundle.entry![0]!.resource!.id === first[0]!.message;
        return JSON.stringify(acknowledge(bundle, isFirst ? 'ok' : 'fatal-error'));
      });
      await sendDue(store, { post, now: () => when('04T10') });
      expect(got).toHaveLength(2);
      const again = await send(store, 'question', '04T11');
      expect(again.map(({ state }) => state)).toEqual(['acknowledged', 'waiting']);
      await sendDue(store, { post, now: () => when('04T11') });
      expect(got).toHaveLength(3);
    });

    it('whatever senders and receivers do and in whatever order, nothing is lost and nothing settled is sent again', async () => {
      const store = await fixture.open();
      await parties(store, endpoint('ward'));
      let number = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('ok', 'fatal-error', 'transient-error', 'silence', 'refused', 'garbage'), {
            maxLength: 5,
          }),
          async (answers) => {
            number += 1;
            const id = `c${number}`;
            await put(store, communication(id));
            const [queued] = await send(store, id, '01T00');
            let sent = 0;
            for (let round = 0; round < 7; round++) {
              const answer = answers[round] ?? 'silence';
              await sendDue(store, {
                patience: 1,
                now: () => new Date(Date.parse(when('04T10')) + round * 1000).toISOString(),
                post: async (transmission) => {
                  const bundle = bundleOf(transmission);
                  if (bundle.entry![0]!.resource!.id === queued!.message) sent += 1;
                  if (answer === 'refused') throw new Error('connection refused');
                  if (answer === 'silence') return { status: 202, body: '' };
                  if (answer === 'garbage')
                    return { status: 200, body: '{"resourceType":"Bundle","entry":[null]}' };
                  return { status: 200, body: JSON.stringify(acknowledge(bundle, answer)) };
                },
              });
            }
            const final = answers.slice(0, 4).findIndex((each) => each === 'ok' || each === 'fatal-error');
            expect(sent).toBe(final === -1 ? 4 : final + 1);
            const [state] = (await send(store, id, '05T00')).map((each) => each.state);
            expect(state).toBe(answers[final] === 'ok' ? 'acknowledged' : 'waiting');
            // Leave nothing due for the next run.
            await sendDue(store, {
              now: () => when('06T00'),
              post: async (transmission) => ({
                status: 200,
                body: JSON.stringify(acknowledge(bundleOf(transmission), 'ok')),
              }),
            });
          },
        ),
        { numRuns: 8 },
      );
    });

    it('what Overgang sends, Overgang receives: on the stay, in MedCom category carecoordination', async () => {
      const store = await question();
      const { post, got } = receiver();
      await sendDue(store, { post, now: () => when('04T10') });
      const there = await fixture.open();
      const answer = await processMessage(there, bundleOf(got[0]!));
      expect(answer?.entry?.[0]?.resource).toMatchObject({ response: { code: 'ok' } });
      const [stored] = await all<Communication>(there, 'Communication');
      expect(stored!.payload?.[0]?.contentString).toBe('Kan udskrivningen være mandag?');
      expect(stored!.category?.[0]?.coding?.[0]?.code).toBe('carecoordination');
    });
  });
});
