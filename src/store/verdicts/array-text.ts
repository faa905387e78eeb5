/** An array of numbers, days, instants, keys or truth values as PostgreSQL reads it: nothing in them needs quoting. */
export function arrayText(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
