import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { MEDCOM_SYSTEM } from '../vocabulary.ts';

/** Codes that MedCom allows in an acknowledgement's issue (danish-domain A.8), by the system that defines them. */
const HL7_CODES = [
  'MSG_ID_INVALID',
  'MSG_BAD_FORMAT',
  'MSG_BAD_SYNTAX',
  'MSG_DATE_FORMAT',
  'MSG_DUPLICATE_ID',
  'MSG_LOCAL_FAIL',
  'MSG_NO_MATCH',
  'MSG_PARAM_INVALID',
  'MSG_RESOURCE_REQUIRED',
] as const;
const MEDCOM_CODES = [
  'MSG_RECEIVER_UNABLE_TO_RECEIVE_MSG_TYPE',
  'MSG_VALUESET_VALUE_UNKNOWN',
  'MSG_CodeSystem_VALUE_UNKNOWN',
] as const;

export type DetailCode = (typeof HL7_CODES)[number] | (typeof MEDCOM_CODES)[number];

/** One issue of an acknowledgement: what is wrong, where (FHIRPath), how to mend it. Never a CPR number. */
export function messageIssue(
  severity: 'error' | 'warning' | 'information',
  code: OperationOutcomeIssue['code'],
  detail: DetailCode,
  diagnostics: string,
  expression?: string,
): OperationOutcomeIssue {
  const isMedCom = (MEDCOM_CODES as readonly string[]).includes(detail);
  return {
    severity,
    code,
    details: {
      coding: [{ system: isMedCom ? MEDCOM_SYSTEM.errorCode : MEDCOM_SYSTEM.hl7Outcome, code: detail }],
    },
    diagnostics: withoutCpr(diagnostics),
    ...(expression === undefined ? {} : { expression: [expression] }),
  };
}

/** Other rooms' texts may quote a value; one that could be a CPR number is struck out. */
export function withoutCpr(text: string): string {
  return text.replace(/(?<!\d)\d{6}-?\d{4}(?!\d)/g, '**********');
}

/** The message cannot be accepted: it is answered with `fatal-error` and these issues. */
export class MessageError extends Error {
  readonly issues: readonly OperationOutcomeIssue[];

  constructor(issues: readonly OperationOutcomeIssue[]) {
    super(issues.map((issue) => issue.diagnostics ?? issue.code).join('; '));
    this.name = 'MessageError';
    this.issues = issues;
  }
}

/** A required element is absent. */
export function missing(expression: string, advice: string): MessageError {
  return new MessageError([messageIssue('error', 'required', 'MSG_RESOURCE_REQUIRED', advice, expression)]);
}

/** An element is there, but with a value that does not belong. */
export function invalid(
  expression: string,
  advice: string,
  detail: DetailCode = 'MSG_PARAM_INVALID',
): MessageError {
  return new MessageError([messageIssue('error', 'value', detail, advice, expression)]);
}
