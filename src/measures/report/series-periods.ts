import type { Calendar } from '../../coordination/calendar.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { type MeasurementPeriod, measurementPeriod } from './period.ts';

/** Months of a period of a series. */
const MONTHS: { readonly [unit: string]: number } = { month: 1, quarter: 3, year: 12 };
/** Ten years of months; each is a report of its own. */
const LONGEST = 120;

/**
 * The months, quarters or years of a measurement period, in order.
 * @throws FhirError 400 naming the parameter: a unit that is none, a period that is not made of whole ones, too many
 */
export function seriesPeriods(
  unit: string,
  whole: MeasurementPeriod,
  calendar: Calendar,
): readonly MeasurementPeriod[] {
  const length = Object.hasOwn(MONTHS, unit) ? MONTHS[unit] : undefined;
  if (length === undefined) {
    throw badRequest(
      `series is one of ${Object.keys(MONTHS).join(', ')}`,
      'Parameters.series',
      'code-invalid',
    );
  }
  const begin = monthOf(whole.firstDay);
  if (!whole.firstDay.endsWith('-01') || begin % length !== 0) {
    throw badRequest(
      `A series by ${unit} is made of whole ones: begin the period on the first day of a ${unit}`,
      'Parameters.periodStart',
      'value',
    );
  }
  const periods: MeasurementPeriod[] = [];
  for (let month = begin; month <= monthOf(whole.lastDay); month += length) {
    if (periods.length === LONGEST) {
      throw badRequest(
        `A series has at most ${LONGEST} periods: ask for a shorter period or longer steps`,
        'Parameters.series',
        'too-costly',
      );
    }
    periods.push(measurementPeriod(textOf(month), textOf(month + length - 1), calendar));
  }
  if (periods.at(-1)?.lastDay !== whole.lastDay) {
    throw badRequest(
      `A series by ${unit} is made of whole ones: end the period on the last day of a ${unit}`,
      'Parameters.periodEnd',
      'value',
    );
  }
  return periods;
}

/** Months since the year 0, so that quarters and years begin at multiples of their length. */
function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function textOf(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}
