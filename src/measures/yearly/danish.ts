const MONTHS = 'januar februar marts april maj juni juli august september oktober november december'.split(
  ' ',
);

/** A no-break space: a number and its unit stay on one line. */
export const NBSP = '\u00a0';

/** Danish number: `1.234,5`; minus as U+2212. */
export function danishNumber(value: number, decimals = 0): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  const digits = fraction === undefined ? grouped : `${grouped},${fraction}`;
  const negative = value < 0 && /[1-9]/.test(digits);
  return negative ? `−${digits}` : digits;
}

/** A share as per cent: 0.8333 → `83,3 %`. */
export function danishPercent(share: number, decimals = 1): string {
  return `${danishNumber(share * 100, decimals)}${NBSP}%`;
}

/** A difference of shares in percentage points, signed: `+1,2`. */
export function danishPoints(difference: number): string {
  const text = danishNumber(difference * 100, 1);
  return difference > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `2026-03-12` → `12. marts 2026`. */
export function danishDate(day: string): string {
  const [year, month, date] = day.slice(0, 10).split('-');
  return `${Number(date)}.${NBSP}${MONTHS[Number(month) - 1]} ${year}`;
}

/** An instant as date and time in Denmark: `12. marts 2026 kl. 14.05`. */
export function danishInstant(instant: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Copenhagen',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${danishDate(`${part('year')}-${part('month')}-${part('day')}`)} kl.${NBSP}${part('hour')}.${part('minute')}`;
}

/** `2026-03` or a day in it → `mar. 2026`. */
export function danishMonth(day: string): string {
  const name = MONTHS[Number(day.slice(5, 7)) - 1] ?? '';
  return `${name.length > 4 ? `${name.slice(0, 3)}.` : name} ${day.slice(0, 4)}`;
}
