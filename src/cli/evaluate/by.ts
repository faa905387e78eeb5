import { usageError } from '../io.ts';

/** What the lines of a result are told apart by. */
export interface By {
  readonly series?: 'month' | 'quarter' | 'year';
  /** Code of a stratifier, such as `region`. */
  readonly stratifier?: string;
}

const LENGTHS = ['month', 'quarter', 'year'] as const;

/**
 * Reads `month,region`: a length of periods, a stratifier, or one of each, in either order.
 * @throws CliError 2
 */
export function readBy(text: string | undefined): By {
  const by: { series?: (typeof LENGTHS)[number]; stratifier?: string } = {};
  for (const word of text?.split(',').map((one) => one.trim()) ?? []) {
    const length = LENGTHS.find((one) => one === word);
    if (word === '') throw usageError(`--by '${text}': write --by month,region`);
    if (length !== undefined && by.series === undefined) by.series = length;
    else if (length === undefined && by.stratifier === undefined) by.stratifier = word;
    else {
      throw usageError(
        `--by ${text}: one of ${LENGTHS.join(', ')} and one stratifier; two stratifiers are crossed by a Measure ` +
          'with a stratifier of components',
      );
    }
  }
  return by;
}
