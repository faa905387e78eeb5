import { plain, textOf } from '../report/items.ts';
import type { EvaluationContext } from '../stays/context.ts';
import { COMPONENT } from '../stays/verdict.ts';
import type { PopulationCode } from '../vocabulary.ts';
import type { CompiledStratifier, StratifierPart } from './compiled-measure.ts';
import type { Expression } from './expression.ts';

/** A mistake in the Measure that shows only on data; its text names no data. */
export class EvaluationError extends Error {}

/** Why a member could not be evaluated. The engine's own messages may quote a value of the data: they are not told. */
export function failureText(error: unknown): string {
  return error instanceof EvaluationError
    ? error.message
    : 'A criterion could not be evaluated on the data of this member';
}

/** An empty result is false; anything but a boolean is a mistake in the Measure. */
export function isTrue(
  expression: Expression | undefined,
  context: EvaluationContext,
  code: PopulationCode,
): boolean {
  if (expression === undefined) return false;
  const items = expression.evaluate(context);
  if (items.length === 0) return false;
  const value = plain(items[0]);
  if (items.length > 1 || typeof value !== 'boolean') {
    throw new EvaluationError(
      `The criterion of ${code} must give true or false; end it with .exists() to ask whether there is any`,
    );
  }
  return value;
}

export function observationOf(
  expression: Expression | undefined,
  context: EvaluationContext,
): number | undefined {
  const items = expression?.evaluate(context) ?? [];
  if (items.length === 0) return undefined;
  const value = plain(items[0]);
  if (items.length > 1 || typeof value !== 'number' || !Number.isFinite(value)) {
    throw new EvaluationError('The measure observation must be one number');
  }
  return value;
}

/** Characters of a stratum value, and resources that a verdict names: what is kept of a stay stays small. */
const LONGEST_VALUE = 1_000;
export const MOST_EVIDENCE = 1_000;

export function stratum({ parts }: CompiledStratifier, context: EvaluationContext): string {
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return partValue(first, context);
  return parts.map((part) => partValue(part, context)).join(COMPONENT);
}

function partValue({ criteria, code }: StratifierPart, context: EvaluationContext): string {
  const items = criteria.evaluate(context);
  if (items.length > 1)
    throw new EvaluationError(`The stratifier ${code?.text ?? ''} gives ${items.length} values for one stay`);
  const value = textOf(items) ?? '';
  if (value.length > LONGEST_VALUE) {
    throw new EvaluationError(
      `The stratifier ${code?.text ?? ''} gives a value of more than ${LONGEST_VALUE} characters`,
    );
  }
  return value;
}
