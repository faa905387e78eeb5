import type { ResultLine } from './result.ts';

const HEADER = [
  'measure',
  'period',
  'stratum',
  'denominator',
  'met',
  'excluded',
  'pending',
  'share',
  'low',
  'high',
  'score',
];

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : String(value);

/** Comma-separated (RFC 4180), decimal points, an empty field for what is not known or withheld. */
export function csvOf(lines: readonly ResultLine[]): string {
  const rows = lines.map((line) => [
    line.measure,
    line.period,
    line.stratum ?? '',
    ...[line.denominator, line.met, line.excluded, line.pending].map(number),
    ...[line.share, line.low, line.high, line.score].map(number),
  ]);
  return [HEADER, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}
