import { describeValueSet } from '../terminology/describe.ts';
import type { Membership } from '../terminology/membership.ts';
import type { Json } from './json-object.ts';
import type { Run } from './run.ts';
import type { Binding } from './type-node.ts';

/**
 * A required binding (R4 terminologies.html#required): the code is of the value set; of a CodeableConcept, one of
 * its codings is. What cannot be decided here (a code system without content) is let through. An extensible one
 * (#extensible) is a warning to who asks for advice.
 */
export function checkBinding(run: Run, binding: Binding, value: unknown): void {
  if (!binding.required) {
    if (run.context.advice) advise(run, binding, value);
    return;
  }
  const member = run.context.membership(binding.valueSet);
  if (member !== undefined && isMember(member, binding.type, value) === false) {
    run.error('code-invalid', `must be ${describeValueSet(run.context.definitions, binding.valueSet)}`);
  }
}

function advise(run: Run, { valueSet, type }: Binding, value: unknown): void {
  // A text alone says that no code was found.
  const coded = type !== 'CodeableConcept' || Array.isArray((value as Json).coding);
  const member = coded ? run.context.membership(valueSet) : undefined;
  if (member !== undefined && isMember(member, type, value) === false) {
    const wanted = describeValueSet(run.context.definitions, valueSet);
    run.add('warning', 'code-invalid', `should be ${wanted}, unless none of its codes has the meaning`);
  }
}

function isMember(member: Membership, type: string, value: unknown): boolean | undefined {
  if (type === 'CodeableConcept') {
    return anyCoding(member, value as Json);
  }
  if (type === 'Coding') {
    return isCodingMember(member, value as Json);
  }
  if (type === 'Quantity') {
    const { code } = value as Json;
    return code === undefined ? undefined : isCodingMember(member, value as Json);
  }
  return typeof value === 'string' ? member(undefined, value) : undefined;
}

function isCodingMember(member: Membership, { system, code }: Json): boolean | undefined {
  return typeof code === 'string' && typeof system === 'string' ? member(system, code) : false;
}

function anyCoding(member: Membership, concept: Json): boolean | undefined {
  const codings = concept.coding;
  let answer: boolean | undefined = false;
  for (const coding of Array.isArray(codings) ? codings : []) {
    const one =
      typeof coding === 'object' && coding !== null ? isCodingMember(member, coding as Json) : false;
    if (one === true) {
      return true;
    }
    answer = one === undefined ? undefined : answer;
  }
  return answer;
}
