import type { Duration, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { errorIssue } from '../fhir/outcome.ts';
import type { Calendar } from './calendar.ts';

/** A length of time in an agreement: hours are elapsed time, days are calendar days with the same wall-clock time. */
export interface Span {
  readonly value: number;
  readonly unit: 'h' | 'd';
}

const UCUM = 'http://unitsofmeasure.org';
const MILLISECONDS_AN_HOUR = 3_600_000;

/** Reads a Duration of hours (`h`) or whole days (`d`); an issue tells what is wrong with any other. */
export function readDuration(
  duration: Duration | undefined,
  expression: string,
): Span | OperationOutcomeIssue {
  const unit = duration?.code;
  const value = duration?.value;
  if ((unit !== 'h' && unit !== 'd') || (duration?.system !== undefined && duration.system !== UCUM)) {
    return errorIssue(
      'value',
      `A Duration here is in hours or days: system ${UCUM}, code h or d`,
      `${expression}.code`,
    );
  }
  if (value === undefined || value < 0 || (unit === 'd' && !Number.isInteger(value))) {
    return errorIssue('value', 'Give zero or more hours, or zero or more whole days', `${expression}.value`);
  }
  if (duration?.comparator !== undefined) {
    return errorIssue('value', 'A deadline is exact: leave the comparator out', `${expression}.comparator`);
  }
  return { value, unit };
}

/** The instant a span after (or, with `sign` −1, before) an instant, in milliseconds since 1970. */
export function shift(instant: number, span: Span, calendar: Calendar, sign: 1 | -1 = 1): number {
  return span.unit === 'h'
    ? instant + sign * span.value * MILLISECONDS_AN_HOUR
    : calendar.plusDays(instant, sign * span.value);
}

export function isIssue(value: object): value is OperationOutcomeIssue {
  return 'severity' in value;
}
