import type { Instant } from '../clock.ts';
import type { Random } from '../random.ts';
import { shareMet } from './performance.ts';
import type { Obligation, StayContext } from './stay.ts';
import type { JointPlan, PlantedVerdict } from './types.ts';
import { afterwards, before, isEmpty, within } from './window.ts';

/**
 * Decides whether both sectors agreed on the discharge in time, then the plan that says so.
 * @param sayable whether there is a way to tell of a plan that both agreed to
 */
export function planJointly(
  random: Random,
  obligation: Obligation,
  context: StayContext,
  sayable: boolean,
): { readonly verdict: PlantedVerdict; readonly jointPlan?: JointPlan } {
  const { measure, window, anchor, outside } = obligation;
  const base = { measure, ...(anchor === undefined ? {} : { anchor }) };
  const key = `${context.key}/${measure}`;
  const open = before(window, context.asOf);
  const agreed = (first: Instant, second: Instant): JointPlan =>
    random.chance(0.5)
      ? { key, hospitalAgreed: first, municipalityAgreed: second }
      : { key, hospitalAgreed: second, municipalityAgreed: first };
  const inTime = (): { jointPlan: JointPlan; actual: Instant } | undefined => {
    if (isEmpty(open)) return undefined;
    const second = within(random, open);
    return { jointPlan: agreed(within(random, { from: open.from, until: second }), second), actual: second };
  };
  if (outside !== undefined) {
    const plan = random.chance(0.4) || !sayable ? undefined : inTime();
    return {
      verdict: { ...base, verdict: outside.verdict, how: outside.how },
      ...(plan === undefined ? {} : { jointPlan: plan.jointPlan }),
    };
  }
  const plan = random.chance(shareMet(measure, context.region)) && sayable ? inTime() : undefined;
  if (plan !== undefined) {
    const { jointPlan, actual } = plan;
    return { verdict: { ...base, verdict: 'met', how: 'agreed', due: window.until, actual }, jointPlan };
  }
  const how = random.weighted({
    'no-plan': 45,
    'hospital-alone': 25,
    'municipality-alone': 8,
    'agreed-afterwards': sayable ? 20 : 0,
    'agreed-at-the-discharge': sayable ? 2 : 0,
  });
  const failed = { ...base, verdict: 'not-met', how, due: window.until } as const;
  const known = (instant: Instant): Instant | undefined => (instant <= context.asOf ? instant : undefined);
  const alone = isEmpty(open) ? undefined : within(random, open);
  if (how === 'hospital-alone' && alone !== undefined) {
    return { verdict: failed, jointPlan: { key, hospitalAgreed: alone } };
  }
  if (how === 'municipality-alone' && alone !== undefined) {
    return { verdict: failed, jointPlan: { key, municipalityAgreed: alone } };
  }
  if (how === 'agreed-afterwards' || how === 'agreed-at-the-discharge') {
    const late = known(how === 'agreed-afterwards' ? afterwards(random, window) : window.until + 1);
    const first = alone ?? late;
    if (late !== undefined && first !== undefined) {
      return { verdict: { ...failed, actual: late }, jointPlan: agreed(first, late) };
    }
    return { verdict: failed };
  }
  return { verdict: { ...failed, how: 'no-plan' } };
}
