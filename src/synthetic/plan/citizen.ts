import type { Instant } from '../clock.ts';
import type { Birth } from '../cpr.ts';
import type { Municipality } from '../places/municipalities.ts';
import { FAMILY_NAMES, GIVEN_NAMES, RELATIVE_NAMES, STREETS } from '../places/names.ts';
import { practicesIn } from '../places/practices.ts';
import type { Random } from '../random.ts';
import type { Citizen } from './types.ts';

/** A citizen of a municipality: a name marked as a test, a practice for most, relatives for most. */
export function planCitizen(random: Random, birth: Birth, municipality: Municipality): Citizen {
  const family = random.pick(FAMILY_NAMES);
  const livesAlone = random.chance(0.62);
  const relation = livesAlone ? 'child' : 'spouse';
  const residenceKnown = !random.chance(0.01);
  return {
    cpr: birth.cpr,
    given: [random.pick(GIVEN_NAMES[birth.gender]), 'Test'],
    family,
    gender: birth.gender,
    birth: birth.day,
    ...(residenceKnown ? { municipality } : {}),
    street: `${random.pick(STREETS)} ${random.integer(1, 180)}`,
    ...(random.chance(0.03) ? {} : { practice: random.pick(practicesIn(municipality.code)) }),
    livesAlone,
    ...(random.chance(0.85)
      ? { relative: { given: random.pick(RELATIVE_NAMES), family: `Test ${family}`, relation } }
      : {}),
  };
}

export function withDeath(citizen: Citizen, died: Instant | undefined): Citizen {
  return died === undefined ? citizen : { ...citizen, died };
}
