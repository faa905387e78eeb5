import type { Extension, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { EXTENSION } from '../fhir/canonical.ts';
import { errorIssue } from '../fhir/outcome.ts';
import { isIssue, readDuration, type Span } from './duration.ts';

const ANCHORS = ['admission', 'discharge', 'end-of-treatment'] as const;
export type AnchorName = (typeof ANCHORS)[number];

const DEADLINE_RULES = ['after', 'end-of-day', 'end-of-day-before', 'before', 'business-days'] as const;
type DeadlineRule = (typeof DEADLINE_RULES)[number];

/** The deadline of an obligation as the agreement's `deadline` extension says it (docs/agreements.md). */
export interface Deadline {
  readonly anchor: AnchorName;
  readonly rule: DeadlineRule;
  /** `after`: hours or days; `business-days`: the number of days; `end-of-day-before`: how many days before, 1 unless said. */
  readonly offset?: Span;
}

/** Whether the deadline lies before its anchor, so that the obligation is owed before the anchor is known. */
export function isOwedBeforeAnchor(deadline: Deadline): boolean {
  return deadline.rule === 'before' || deadline.rule === 'end-of-day-before';
}

const isOneOf = <T extends string>(list: readonly T[], value: string | undefined): value is T =>
  list.some((item) => item === value);

/** Reads the `deadline` extension of an action; issues tell what is wrong with it and where. */
export function readDeadline(
  extensions: readonly Extension[] | undefined,
  expression: string,
): Deadline | OperationOutcomeIssue[] {
  const at = `${expression}.extension('${EXTENSION.deadline}')`;
  const found = (extensions ?? []).filter((extension) => extension.url === EXTENSION.deadline);
  const parts = found[0]?.extension;
  if (found.length !== 1 || parts === undefined) {
    return [
      errorIssue('required', 'An obligation has exactly one deadline extension with anchor and rule', at),
    ];
  }
  const part = (url: string): Extension | undefined => parts.find((extension) => extension.url === url);
  const anchor = part('anchor')?.valueCode;
  const rule = part('rule')?.valueCode;
  const duration = part('offset')?.valueDuration;
  const issues: OperationOutcomeIssue[] = [];
  if (!isOneOf(ANCHORS, anchor)) {
    issues.push(
      errorIssue(
        'code-invalid',
        `The anchor is one of ${ANCHORS.join(', ')}`,
        `${at}.extension('anchor').value`,
      ),
    );
  }
  if (!isOneOf(DEADLINE_RULES, rule)) {
    issues.push(
      errorIssue(
        'code-invalid',
        `The rule is one of ${DEADLINE_RULES.join(', ')}`,
        `${at}.extension('rule').value`,
      ),
    );
  }
  const needsOffset = rule === 'after' || rule === 'business-days';
  const allowsOffset = needsOffset || rule === 'end-of-day-before';
  const offsetAt = `${at}.extension('offset').value`;
  let offset: Span | undefined;
  if (part('offset') === undefined) {
    if (needsOffset)
      issues.push(errorIssue('required', `The rule ${rule} needs an offset Duration`, offsetAt));
  } else if (!allowsOffset) {
    issues.push(errorIssue('business-rule', `The rule ${rule} takes no offset: leave it out`, offsetAt));
  } else {
    const span = readDuration(duration, offsetAt);
    if (isIssue(span)) issues.push(span);
    else if (rule !== 'after' && span.unit !== 'd') {
      issues.push(errorIssue('value', `The rule ${rule} counts whole days: code d`, `${offsetAt}.code`));
    } else if (rule === 'end-of-day-before' && span.value < 1) {
      issues.push(
        errorIssue(
          'value',
          'end-of-day-before counts at least 1 day; end-of-day is the day itself',
          offsetAt,
        ),
      );
    } else offset = span;
  }
  if (issues.length > 0 || !isOneOf(ANCHORS, anchor) || !isOneOf(DEADLINE_RULES, rule)) return issues;
  return { anchor, rule, ...(offset === undefined ? {} : { offset }) };
}
