import { describe, expect, it } from '@jest/globals';
import { staysOfCitizen } from '../../src/medcom/stay/stays-of-citizen.ts';
import { episode, event, national, when } from './stay-scenario.ts';

describe('stays from notifications', () => {
  it('an admission begins a stay in progress', () => {
    const [stay, ...others] = staysOfCitizen([event('admit-inpatient', '02T10')]);
    expect(others).toEqual([]);
    expect(stay!.state).toMatchObject({ status: 'in-progress', class: 'IMP', start: when('02T10') });
    expect(stay!.state.end).toBeUndefined();
  });

  it('an admission that arrives after the discharge leaves the stay discharged', () => {
    const emergency = event('admit-emergency', '02T10');
    const discharge = event('discharge', '02T18', { start: when('02T10') });
    const late = event('admit-inpatient', '02T12', { sent: when('02T19') });
    const [stay, ...others] = staysOfCitizen([emergency, discharge, late]);
    expect(others).toEqual([]);
    expect(stay!.state).toMatchObject({
      status: 'finished',
      class: 'IMP',
      start: when('02T10'),
      end: when('02T18'),
      emergency: { start: when('02T10'), end: when('02T12') },
    });
  });

  it('leave starts and ends', () => {
    const admitted = event('admit-inpatient', '02T10');
    const leave = event('start-leave', '03T10', { start: when('02T10'), leave: { start: when('03T10') } });
    const back = event('end-leave', '04T10', { leave: { start: when('03T10'), end: when('04T10') } });
    expect(staysOfCitizen([admitted, leave])[0]!.state).toMatchObject({
      status: 'onleave',
      leave: { start: when('03T10') },
    });
    expect(staysOfCitizen([back, admitted, leave])[0]!.state).toMatchObject({
      status: 'in-progress',
      leave: { start: when('03T10'), end: when('04T10') },
    });
  });

  it('a cancelled end of leave puts the citizen back on leave, a cancelled start back in hospital', () => {
    const admitted = event('admit-inpatient', '02T10');
    const leave = event('start-leave', '03T10');
    const back = event('end-leave', '04T10', { leave: { start: when('03T10'), end: when('04T10') } });
    const backCancelled = event('end-leave', '04T11', { mode: 'cancel' });
    expect(staysOfCitizen([admitted, leave, back, backCancelled])[0]!.state.status).toBe('onleave');
    const leaveCancelled = event('start-leave', '03T11', { mode: 'cancel' });
    const state = staysOfCitizen([admitted, leave, leaveCancelled])[0]!.state;
    expect(state.status).toBe('in-progress');
    expect(state.leave).toBeUndefined();
  });

  it('a correction moves the admission, and a second one moves it again', () => {
    const admitted = event('admit-inpatient', '02T10');
    const first = event('admit-inpatient', '02T11', {
      mode: 'revise',
      sent: when('02T15'),
      predecessors: [admitted.source],
      provider: 'Organization/2',
    });
    const second = event('admit-inpatient', '02T09', {
      mode: 'revise',
      sent: when('02T16'),
      predecessors: [first.source],
      provider: 'Organization/2',
    });
    for (const order of [
      [admitted, first, second],
      [second, admitted, first],
      [first, second, admitted],
    ]) {
      expect(staysOfCitizen(order)[0]!.state).toMatchObject({
        start: when('02T09'),
        provider: 'Organization/2',
      });
    }
  });

  it('a correction does not take back the request for an admission report', () => {
    const admitted = event('admit-inpatient', '02T10', {
      reportRequested: true,
      reportRecipient: 'Organization/9',
    });
    const moved = event('admit-inpatient', '02T11', { mode: 'revise', sent: when('02T15') });
    expect(staysOfCitizen([admitted, moved])[0]!.state).toMatchObject({
      reportRequested: true,
      reportRecipient: 'Organization/9',
    });
  });

  it('a cancelled admission leaves the stay entered in error, also when the cancellation comes first', () => {
    const admitted = event('admit-inpatient', '02T10');
    const cancelled = event('admit-inpatient', '02T12', { mode: 'cancel', start: when('02T10') });
    for (const order of [[admitted, cancelled], [cancelled, admitted], [cancelled]]) {
      expect(staysOfCitizen(order).map((stay) => stay.state.status)).toEqual(['entered-in-error']);
    }
  });

  it('a cancelled admission after an emergency leaves the emergency', () => {
    const emergency = event('admit-emergency', '02T10');
    const admitted = event('admit-inpatient', '02T12');
    const cancelled = event('admit-inpatient', '02T13', { mode: 'cancel', predecessors: [admitted.source] });
    expect(staysOfCitizen([emergency, admitted, cancelled])[0]!.state).toMatchObject({
      status: 'in-progress',
      class: 'EMER',
    });
  });

  it('a cancelled discharge puts the citizen back in hospital, a corrected one moves the end', () => {
    const admitted = event('admit-inpatient', '02T10');
    const discharge = event('discharge', '05T10', { start: when('02T10') });
    const cancelled = event('discharge', '05T11', { mode: 'cancel', predecessors: [discharge.source] });
    const corrected = event('discharge', '05T09', { mode: 'revise', sent: when('05T12') });
    expect(staysOfCitizen([admitted, discharge, cancelled])[0]!.state.status).toBe('in-progress');
    expect(staysOfCitizen([corrected, admitted, discharge])[0]!.state).toMatchObject({
      status: 'finished',
      end: when('05T09'),
    });
  });

  it('a death ends the stay, and a death taken back gives the stay its status again', () => {
    const admitted = event('admit-inpatient', '02T10');
    const death = event('death', '03T10', { start: when('02T10') });
    const takenBack = event('admit-inpatient', '02T10', { sent: when('03T12'), deceased: false });
    expect(staysOfCitizen([admitted, death])[0]!.state).toMatchObject({
      status: 'finished',
      died: true,
      end: when('03T10'),
    });
    for (const order of [
      [admitted, death, takenBack],
      [takenBack, death, admitted],
    ]) {
      const stays = staysOfCitizen(order);
      expect(stays).toHaveLength(1);
      expect(stays[0]!.state).toMatchObject({ status: 'in-progress', died: false });
    }
  });

  it('an admission after a discharge is another stay, also under the same episode identifier', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10'),
      event('discharge', '05T10', { start: when('02T10') }),
      event('admit-inpatient', '12T10', { reportRequested: true }),
    ]);
    expect(stays.map(({ state }) => [state.start, state.status])).toEqual([
      [when('02T10'), 'finished'],
      [when('12T10'), 'in-progress'],
    ]);
  });

  it('a discharge whose own admission is still on its way does not move the end of an earlier stay', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10'),
      event('discharge', '05T10', { start: when('02T10') }),
      event('discharge', '15T10', { start: when('12T10') }),
    ]);
    expect(stays.map(({ state }) => [state.start, state.end])).toEqual([
      [when('02T10'), when('05T10')],
      [when('12T10'), when('15T10')],
    ]);
  });

  it('a transfer without request and without discharge continues the stay under both identifiers', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10', { reportRequested: true }),
      event('admit-inpatient', '04T10', { episodes: [episode('b')], provider: 'Organization/2' }),
      event('discharge', '06T10', {
        start: when('04T10'),
        episodes: [episode('b')],
        provider: 'Organization/2',
      }),
    ]);
    expect(stays).toHaveLength(1);
    expect(stays[0]!.state).toMatchObject({
      start: when('02T10'),
      end: when('06T10'),
      status: 'finished',
      provider: 'Organization/2',
      reportRequested: true,
    });
    expect(stays[0]!.state.episodes.map((each) => each.key)).toEqual(['a', 'b']);
  });

  it('a transfer under the same identifier continues the stay', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10', { reportRequested: true }),
      event('admit-inpatient', '04T10', { provider: 'Organization/2' }),
    ]);
    expect(stays).toHaveLength(1);
    expect(stays[0]!.state).toMatchObject({ start: when('02T10'), provider: 'Organization/2' });
  });

  it('admissions to two regions at once are two stays', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10', { reportRequested: true }),
      event('admit-inpatient', '02T11', { reportRequested: true, episodes: [episode('b')] }),
    ]);
    expect(stays.map(({ state }) => state.start)).toEqual([when('02T10'), when('02T11')]);
  });

  it('a discharge that turns up between two admissions parts what had been taken for a transfer', () => {
    const first = event('admit-inpatient', '02T10', { reportRequested: true });
    const second = event('admit-inpatient', '06T10', { episodes: [episode('b')] });
    expect(staysOfCitizen([first, second])).toHaveLength(1);
    const discharge = event('discharge', '04T10', { start: when('02T10') });
    expect(staysOfCitizen([first, second, discharge])).toHaveLength(2);
  });

  it('a message with the national identifier only finds the one stay that carries it', () => {
    const stays = staysOfCitizen([
      event('discharge', '05T10', { start: when('02T10'), episodes: [national('n')] }),
      event('admit-inpatient', '02T10', { episodes: [national('n'), episode('a')] }),
    ]);
    expect(stays).toHaveLength(1);
    expect(stays[0]!.state.status).toBe('finished');
    expect(stays[0]!.state.episodes.map((each) => each.key)).toEqual(['a', 'n']);
  });

  it('two local stays that share the national identifier stay apart', () => {
    const stays = staysOfCitizen([
      event('admit-inpatient', '02T10', { episodes: [episode('a'), national('n')] }),
      event('discharge', '03T10', { start: when('02T10'), episodes: [episode('a'), national('n')] }),
      event('admit-inpatient', '09T10', { episodes: [episode('b'), national('n')] }),
    ]);
    expect(stays).toHaveLength(2);
  });

  it('the last word, alone, of a stay tells its state', () => {
    const alone = (kind: Parameters<typeof event>[0], overrides: Parameters<typeof event>[2]) =>
      staysOfCitizen([event(kind, '04T10', { start: when('02T10'), ...overrides })])[0]!.state;
    expect(alone('start-leave', { leave: { start: when('04T10') } }).status).toBe('onleave');
    expect(alone('end-leave', { leave: { start: when('03T10'), end: when('04T10') } })).toMatchObject({
      status: 'in-progress',
      leave: { start: when('03T10'), end: when('04T10') },
    });
    expect(alone('discharge', {})).toMatchObject({ status: 'finished', start: when('02T10') });
    expect(alone('discharge', { mode: 'cancel' })).toMatchObject({
      status: 'in-progress',
      start: when('02T10'),
    });
    expect(alone('start-leave', { mode: 'cancel' }).status).toBe('in-progress');
    expect(alone('end-leave', { mode: 'cancel', leave: { start: when('03T10') } }).status).toBe('onleave');
  });
});
