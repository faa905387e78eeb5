/** A wrong resource and the issue that must be found: one broken rule a row. */
export interface Row {
  readonly fact: string;
  readonly resource: unknown;
  readonly expression: string;
  readonly code: string;
  readonly severity?: 'warning';
}

type Json = Record<string, unknown>;

export const task = (change: Json = {}): Json => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  ...change,
});
export const patient = (change: Json = {}): Json => ({ resourceType: 'Patient', ...change });
export const encounter = (change: Json = {}): Json => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  ...change,
});
export const observation = (change: Json = {}): Json => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  ...change,
});
export const row = (fact: string, resource: unknown, expression: string, code: string): Row => ({
  fact,
  resource,
  expression,
  code,
});
