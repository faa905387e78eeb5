import { type DayNumber, dateText, dayNumber } from './clock.ts';

/**
 * Synthetic CPR numbers of the official test kind: a `9` in position 7 and a number that fails the modulus 11 check.
 * Born 1937–1958, where a 9 in position 7 is right for the century and every number ever
 * issued passes the check: so these belong to nobody.
 */
const FIRST_BIRTH: DayNumber = dayNumber(1937, 1, 1);
const BIRTHS = dayNumber(1959, 1, 1) - FIRST_BIRTH;

/** A serial 9000–9999 fails the check for at least 900 of its 1000 values, whatever the birth date. */
const SERIALS_PER_DAY = 900;

/** How many different citizens there are. */
export const CITIZENS = BIRTHS * SERIALS_PER_DAY;

const WEIGHTS = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/** Sum of the digits by their weights; a number passes the check when it is divisible by 11. */
function checksum(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) sum += (digits.charCodeAt(at) - 48) * (WEIGHTS[at] as number);
  return sum;
}

export function passesModulus11(cpr: string): boolean {
  return checksum(cpr) % 11 === 0;
}

/** Coprime to {@link CITIZENS}, so that neighbouring numbers get far-apart births and no two citizens share a number. */
const STRIDE = 2_654_435_761;

export interface Birth {
  readonly cpr: string;
  readonly day: DayNumber;
  readonly gender: 'female' | 'male';
}

/** The citizen of this number (0 ≤ number < {@link CITIZENS}); different numbers give different citizens. */
export function citizenNumber(number: number, start: number): Birth {
  const place = Number((BigInt(number) * BigInt(STRIDE) + BigInt(start)) % BigInt(CITIZENS));
  const day = FIRST_BIRTH + (place % BIRTHS);
  const date = dateText(day);
  const prefix = `${date.slice(8, 10)}${date.slice(5, 7)}${date.slice(2, 4)}9`;
  const sum = checksum(prefix);
  let left = Math.floor(place / BIRTHS);
  for (let serial = 0; serial < 1000; serial += 1) {
    const tail = 3 * ((serial / 100) | 0) + 2 * (((serial / 10) | 0) % 10) + (serial % 10);
    if ((sum + tail) % 11 === 0) continue;
    if (left === 0) {
      // The last digit is even for women and odd for men, as in every CPR number.
      const gender = serial % 2 === 0 ? 'female' : 'male';
      return { cpr: `${prefix}${String(serial).padStart(3, '0')}`, day, gender };
    }
    left -= 1;
  }
  throw new RangeError(`no citizen of number ${number}: there are ${CITIZENS}`);
}
