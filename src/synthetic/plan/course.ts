import { EXCHANGE } from '../../fhir/canonical.ts';
import { type DayNumber, dayOf, HOUR, type Instant, instantAt, MINUTE } from '../clock.ts';
import { citizenNumber } from '../cpr.ts';
import { unitOf } from '../places/coordination-units.ts';
import { HOSPITALS, type Hospital } from '../places/hospitals.ts';
import { MUNICIPALITIES, type Municipality } from '../places/municipalities.ts';
import { type Random, randomFrom } from '../random.ts';
import { planCitizen, withDeath } from './citizen.ts';
import { planClinicalPicture } from './clinical.ts';
import { planJointly } from './joint-plan.ts';
import { knownAt, planShape } from './shape.ts';
import { fulfilByLetters, obligationsOf, type StayContext } from './stay.ts';
import {
  type Citizen,
  governingRegion,
  type Letter,
  type PlannedCourse,
  type PlannedStay,
  type PlantedVerdict,
  type StayShape,
} from './types.ts';

const DAY = 24 * HOUR;

export interface PopulationOptions {
  readonly courses: number;
  readonly seed: string;
  /** First admissions lie in [from, until). */
  readonly from: Instant;
  readonly until: Instant;
  /** Nothing that happens later is known. */
  readonly asOf: Instant;
  /**
   * Only what hospital notifications and OIOXML letters can say: times to the minute, residence known, mistakes never
   * sent, an admission cancelled before it ends, a joint plan only where a letter of the hospital carries it.
   */
  readonly sayable?: boolean;
}

/** Coprime to 98: any 98 courses in a row reach every municipality. */
const MUNICIPALITY_STRIDE = 37;

function residence(index: number): Municipality {
  return MUNICIPALITIES[(index * MUNICIPALITY_STRIDE) % MUNICIPALITIES.length] as Municipality;
}

/** Most are admitted in their own region. */
function hospitalFor(random: Random, municipality: Municipality): Hospital {
  const elsewhere = random.chance(0.04);
  return random.pick(HOSPITALS.filter((one) => (one.region === municipality.region) !== elsewhere));
}

type Services = PlannedCourse['services'];

function planServices(random: Random, admission: Instant): Services {
  const from: DayNumber = dayOf(admission) - random.integer(60, 1500);
  const how = random.weighted({ ongoing: 82, ended: 4, none: 14 });
  if (how === 'none') return undefined;
  return how === 'ongoing' ? { from } : { from, until: dayOf(admission) - random.integer(10, 50) };
}

const receivesAt = (services: Services, admission: Instant): boolean =>
  services !== undefined &&
  services.from <= dayOf(admission) &&
  (services.until === undefined || services.until >= dayOf(admission));

/** The whole length of each stay in order: the first in the period, readmissions after it. */
function planShapes(
  random: Random,
  hospital: Hospital,
  options: PopulationOptions,
): (StayShape & { discharge: Instant })[] {
  const length = options.until - options.from;
  const first = options.from + Math.floor((random.next() * length) / MINUTE) * MINUTE;
  const shapes = [planShape(random, hospital, first)];
  const count = Number(random.weighted({ 1: 64, 2: 26, 3: 10 }));
  while (shapes.length < count) {
    const last = shapes[shapes.length - 1] as StayShape & { discharge: Instant };
    if (last.died) break;
    const admission = last.discharge + random.integer(2, 45) * DAY + random.integer(0, 24 * 60) * MINUTE;
    shapes.push(planShape(random, hospital, admission));
  }
  return shapes;
}

function planStay(
  random: Random,
  key: string,
  whole: StayShape & { discharge: Instant },
  facts: { citizen: Citizen; services: Services; inCourse: boolean; asOf: Instant; sayable: boolean },
): PlannedStay {
  const shape = facts.sayable ? sayableShape(knownAt(whole, facts.asOf)) : knownAt(whole, facts.asOf);
  const context: StayContext = {
    key,
    region: governingRegion(facts.citizen, whole.hospital),
    inCourse: facts.inCourse,
    services: receivesAt(facts.services, whole.admission),
    hasPractice: facts.citizen.practice !== undefined,
    asOf: facts.asOf,
    sayable: facts.sayable,
  };
  const letters: Letter[] = [];
  const verdicts = new Map<string, PlantedVerdict>();
  let jointPlan: PlannedStay['jointPlan'];
  const obligations = obligationsOf(shape, whole.discharge, context);
  // The discharge report before the notice: what it tells, the notice need not.
  for (const obligation of [...obligations].reverse()) {
    if (obligation.measure === EXCHANGE.dischargePlan) {
      const planned = planJointly(random, obligation, context, !facts.sayable || carriesJointPlan(letters));
      jointPlan = planned.jointPlan;
      verdicts.set(obligation.measure, planned.verdict);
    } else {
      const told = {
        endOfTreatment: letters.some(statesEndOfTreatment),
      };
      const fulfilled = fulfilByLetters(random, obligation, context, whole.admission, told);
      letters.push(...fulfilled.letters);
      verdicts.set(obligation.measure, fulfilled.verdict);
    }
  }
  letters.sort((a, b) => a.sent - b.sent);
  return {
    key,
    shape,
    inCourse: facts.inCourse,
    letters,
    ...(jointPlan === undefined ? {} : { jointPlan }),
    verdicts: obligations.map((one) => verdicts.get(one.measure) as PlantedVerdict),
  };
}

/** A stay entered in error is cancelled before it ends: what ended cannot be cancelled (S.BR17). */
function sayableShape(shape: StayShape): StayShape {
  if (!shape.enteredInError) return shape;
  const { discharge: _discharge, endOfTreatment: _treated, leave: _leave, ...rest } = shape;
  return { ...rest, died: false };
}

/** Letters of these kinds have a place for the conference at which both sectors agreed. */
const carriesJointPlan = (letters: readonly Letter[]): boolean =>
  letters.some((one) => one.kind === EXCHANGE.carePathwayPlan || one.kind === EXCHANGE.readyForDischarge);

/** A discharge report in today's form, which its nursing areas need, states the end of treatment. */
const statesEndOfTreatment = (one: Letter): boolean =>
  one.kind === EXCHANGE.dischargeReport && !one.enteredInError && one.sections.includes('nursing-areas');

/** A stay that ended before the course began: no measure counts it. */
function earlierShape(
  random: Random,
  hospital: Hospital,
  start: Instant,
): StayShape & { discharge: Instant } {
  const shape = planShape(random, hospital, start - random.integer(60, 300) * DAY);
  return { ...shape, died: false, enteredInError: false };
}

/** Plans one course of a population; the same seed and number give the same course, however many there are. */
export function planCourse(options: PopulationOptions, index: number): PlannedCourse {
  const key = `${options.seed}/${index + 1}`;
  const random = randomFrom(key);
  const start = randomFrom(`${options.seed}/citizens`).integer(0, 1_000_000_000);
  const municipality = residence(index);
  const person = {
    ...planCitizen(random, citizenNumber(index, start), municipality),
    ...(options.sayable === true ? { municipality } : {}),
  };
  const hospital = hospitalFor(random, municipality);
  const shapes = planShapes(random, hospital, options).filter((shape) => shape.admission <= options.asOf);
  const first = shapes[0] as StayShape & { discharge: Instant };
  const last = shapes[shapes.length - 1] as StayShape & { discharge: Instant };
  const services = planServices(random, first.admission);
  const began = instantAt(dayOf(first.admission) - random.integer(0, 21), 0);
  const dead = last.died && last.discharge <= options.asOf && !last.enteredInError;
  const ended = dead ? last.discharge : last.discharge + random.integer(14, 90) * DAY;
  const citizen = withDeath(person, dead ? last.discharge : undefined);
  const earlier = random.chance(0.08) ? [earlierShape(random, hospital, began)] : [];
  const stays = [...earlier, ...shapes].map((shape, number) => {
    const inCourse = number >= earlier.length;
    const facts = { citizen, services, inCourse, asOf: options.asOf, sayable: options.sayable === true };
    return planStay(random, `${key}/stay/${number + 1}`, shape, facts);
  });
  const unit = unitOf(hospital);
  return {
    key,
    citizen,
    unit,
    coordinator: random.pick(unit.coordinators),
    basis: random.chance(0.88) ? 'rule' : 'judgement',
    start: began,
    ...(ended <= options.asOf ? { end: ended } : {}),
    ...(services === undefined ? {} : { services }),
    stays,
    clinical: planClinicalPicture(random, dayOf(began), citizen.livesAlone),
  };
}
