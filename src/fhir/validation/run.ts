import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { IssueCode } from '../outcome.ts';
import type { ValidationContext } from './context.ts';

type Severity = 'error' | 'warning' | 'information';

/** A client mends one fault at a time; a thousand of them only cost. */
const MOST_ISSUES = 100;
const DEEPEST = 60;

/** The state of one validation: where it stands and what it found. */
export class Run {
  readonly issues: OperationOutcomeIssue[] = [];
  readonly context: ValidationContext;
  /** The resource that is validated as a whole: `%rootResource`, holder of what is contained. */
  root: Record<string, unknown>;
  /** The resource that the element stands in: `%resource`. */
  resource: Record<string, unknown>;
  /** What was given to validate: for an entry's resource the Bundle around it. */
  readonly outermost: Record<string, unknown>;
  errors = 0;
  private readonly path: (string | number)[] = [];

  constructor(context: ValidationContext, resource: Record<string, unknown>, outermost = resource) {
    this.context = context;
    this.root = resource;
    this.outermost = outermost;
    this.resource = resource;
  }

  enter(step: string | number): void {
    this.path.push(step);
  }

  leave(): void {
    this.path.pop();
  }

  /** Whether the data is nested too deeply to go on; says so once. */
  tooDeep(): boolean {
    if (this.path.length <= DEEPEST * 2) {
      return false;
    }
    this.error('structure', `is nested deeper than ${DEEPEST} levels`);
    return true;
  }

  get full(): boolean {
    return this.issues.length >= MOST_ISSUES;
  }

  error(code: IssueCode, what: string): void {
    this.add('error', code, what);
  }

  /** `what` continues a sentence that begins with the element's path. */
  add(severity: Severity, code: IssueCode, what: string): void {
    if (severity === 'error') {
      this.errors += 1;
    }
    if (!this.full) {
      const expression = this.expression();
      this.issues.push({ severity, code, diagnostics: `${expression} ${what}`, expression: [expression] });
    }
  }

  /** The FHIRPath of where it stands: `Patient.name[0].given[1]`. */
  expression(): string {
    let text = '';
    for (const step of this.path) {
      text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
    }
    return text;
  }
}
