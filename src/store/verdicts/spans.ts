/** Local days `2026-03-31`, both inclusive. */
export interface Days {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** What a period is made of: whole months, and what is left of a month at its ends. */
export interface Pieces {
  /** Spans of whole months (year * 100 + month), in order. */
  readonly months: readonly number[];
  /** At most two, in order; one where there is no whole month. */
  readonly rest: readonly Days[];
}

/** The spans that a day is counted in: its month and its year (migration 0203). */
export function spansOf(day: string): readonly [month: number, year: number] {
  const year = Number(day.slice(0, 4)) * 100;
  return [year + Number(day.slice(5, 7)), year];
}

export function piecesOf({ firstDay, lastDay }: Days): Pieces {
  const first = firstDay.endsWith('-01') ? monthAt(firstDay) : monthAt(firstDay) + 1;
  const last = lastDay === lastDayOf(monthAt(lastDay)) ? monthAt(lastDay) : monthAt(lastDay) - 1;
  if (last < first) return { months: [], rest: [{ firstDay, lastDay }] };
  const months = Array.from({ length: last - first + 1 }, (_, index) => spanOf(first + index));
  const rest: Days[] = [];
  if (firstDay < firstDayOf(first)) rest.push({ firstDay, lastDay: lastDayOf(first - 1) });
  if (lastDayOf(last) < lastDay) rest.push({ firstDay: firstDayOf(last + 1), lastDay });
  return { months, rest };
}

/** First and last day of the month of a span. */
export function daysOf(span: number): Days {
  const month = Math.floor(span / 100) * 12 + (span % 100) - 1;
  return { firstDay: firstDayOf(month), lastDay: lastDayOf(month) };
}

/**
 * The same months with fewer spans: a year stands for its twelve months where none of them is to stay apart.
 * @param months in order
 */
export function withYears(months: readonly number[], apart: (month: number) => boolean): number[] {
  const spans: number[] = [];
  for (let index = 0; index < months.length; ) {
    const month = months[index] as number;
    const twelve = months.slice(index, index + 12);
    if (month % 100 === 1 && twelve.length === 12 && !twelve.some(apart)) {
      spans.push(month - 1);
      index += 12;
    } else {
      spans.push(month);
      index += 1;
    }
  }
  return spans;
}

/** Months since the year 0. */
function monthAt(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function spanOf(month: number): number {
  return Math.floor(month / 12) * 100 + (month % 12) + 1;
}

function firstDayOf(month: number): string {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return `${year}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

function lastDayOf(month: number): string {
  const next = Date.UTC(Math.floor(month / 12), (month % 12) + 1, 1);
  return new Date(next - 86_400_000).toISOString().slice(0, 10);
}
