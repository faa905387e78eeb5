import type { DefinitionSource } from '../definitions.ts';
import type { Membership } from '../terminology/membership.ts';
import type { ProfileNode } from './profile/node.ts';

/** What a validator knows besides the base types: shared by all its validations. */
export interface ValidationContext {
  readonly definitions: DefinitionSource;
  /** The compiled rules that a profile (or extension definition) adds to its type; undefined when it is unknown. */
  profile(url: string): ProfileNode | undefined;
  /** The membership test of a value set, as written in a binding; undefined when it is unknown. */
  membership(url: string): Membership | undefined;
  /** References of the form `Type?query`, which a transaction resolves before it stores. */
  readonly conditionalReferences: boolean;
  /** Whether to warn of codes beside an extensible value set. */
  readonly advice: boolean;
}
