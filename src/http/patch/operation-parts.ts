import type { ParametersParameter } from '@medplum/fhirtypes';
import { carryTexts, numberText, setNumberText } from '../../fhir/json.ts';
import { badRequest } from '../../fhir/outcome.ts';

/** The parts of one operation of a FHIRPath Patch, read as they are needed. */
export interface Parts {
  /** Where the operation stands: `Parameters.parameter[0]`. */
  readonly at: string;
  readonly text: (name: string) => string;
  readonly whole: (name: string) => number;
  /** The new value; `type` is the suffix it came with (`Quantity` of valueQuantity), '' for a backbone element. */
  readonly value: () => NewValue;
}

interface NewValue {
  readonly value: unknown;
  readonly type: string;
  /** How a number is written. */
  readonly text?: string;
}

/** @throws FhirError 400, when a part is asked for that is missing or of another type. */
export function partsOf(operation: ParametersParameter, at: string): Parts {
  const typed = (name: string): NewValue => {
    const found = operation.part?.find((candidate) => candidate.name === name);
    if (found === undefined) throw badRequest(`The operation has no part ${name}.`, at, 'required');
    const key = valueKey(found);
    if (key !== undefined) {
      const value = (found as unknown as Node)[key];
      const type = key.slice('value'.length);
      return typeof value === 'number' ? { value, type, text: numberText(found, key) } : { value, type };
    }
    if (Array.isArray(found.part)) return { value: backboneElement(found.part), type: '' };
    throw badRequest(`Part ${name} has no value.`, at, 'required');
  };
  return {
    at,
    value: () => typed('value'),
    text: (name) => {
      const { value } = typed(name);
      if (typeof value !== 'string') throw badRequest(`Part ${name} must be text.`, `${at}.${name}`);
      return value;
    },
    whole: (name) => {
      const { value } = typed(name);
      if (!Number.isInteger(value) || (value as number) < 0) {
        throw badRequest(`Part ${name} must be a whole number from 0.`, `${at}.${name}`);
      }
      return value as number;
    },
  };
}

type Node = Record<string, unknown>;

/** A backbone element has no value[x]: its members come as parts (R4 fhirpatch.html); a repeat makes a list. */
function backboneElement(parts: readonly ParametersParameter[]): Node {
  const node: Node = Object.create(null) as Node;
  for (const part of parts) {
    const key = valueKey(part);
    const value = key === undefined ? backboneElement(part.part ?? []) : (part as unknown as Node)[key];
    const name = part.name as string;
    const earlier = node[name];
    node[name] =
      earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
    if (typeof value === 'number' && key !== undefined) setNumberText(node, name, numberText(part, key));
  }
  return carryTexts(node, { ...node });
}

function valueKey(part: ParametersParameter): string | undefined {
  return Object.keys(part).find((key) => key.startsWith('value'));
}
