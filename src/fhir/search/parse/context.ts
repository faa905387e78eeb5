import { badRequest, type FhirError } from '../../outcome.ts';
import { type Aspect, indexedUnder, type Parameter, type ParameterRegistry } from '../parameters.ts';

export interface ParseContext {
  readonly registry: ParameterRegistry;
  /** Zone of dates without an offset. */
  readonly zone: string;
  /** Milliseconds since 1970: what `ap` measures its distance from. */
  readonly now: number;
  /** The parameter as the client wrote it, for errors. */
  readonly name: string;
  /** How deep chains may still go. */
  readonly depth: number;
}

/** The same code in each of the types searched: it finds by all of their index rows. */
export interface ParameterGroup {
  readonly code: string;
  readonly type: Parameter['type'];
  readonly members: readonly Parameter[];
}

/** The ids of the index rows of a group, or of a second index beside them. */
export const idsOf = ({ members }: ParameterGroup, aspect?: Aspect): readonly number[] => [
  ...new Set(members.flatMap((each) => indexedUnder(each, aspect))),
];

/** 400 about the parameter at hand. */
export function refuse(
  context: ParseContext,
  text: string,
  code: 'invalid' | 'not-supported' | 'value' = 'value',
): FhirError {
  return badRequest(text, `http.${context.name}`, code);
}

/** Known names after the fact they are known: short lists in full, sorted. */
export function listed(names: Iterable<string>): string {
  return [...new Set(names)].sort().join(', ');
}
