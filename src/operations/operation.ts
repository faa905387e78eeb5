import type { Parameters, Resource } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import type { DefinitionSource } from '../fhir/definitions.ts';
import type { ParameterRegistry } from '../fhir/search/parameters.ts';
import type { Validator } from '../fhir/validation/validate.ts';
import type { Relevance } from '../medcom/relevance.ts';
import type { Reader, ResourceVersion, Store } from '../store/store.ts';

/** Where an operation can be called: at the endpoint, at a type, at one resource. */
export type Level = 'system' | 'type' | 'instance';

export interface OperationParameter {
  readonly name: string;
  readonly min: number;
  readonly max: '1' | '*';
  /** A FHIR type; a resource type, or `Resource`, for a parameter that is one. */
  readonly type: string;
  /** One sentence for metadata and OpenAPI. */
  readonly documentation: string;
}

/**
 * One FHIR operation (R4 operations.html). The registry (`registry.ts`) routes to it, and metadata, the
 * OperationDefinition and OpenAPI are generated from this description.
 */
export interface Operation {
  /** Without the `$`. */
  readonly name: string;
  /** Canonical URL of the OperationDefinition: the standard's, or ours. */
  readonly definition: string;
  readonly title: string;
  readonly documentation: string;
  readonly levels: readonly Level[];
  /** The types it is for; absent: all types (and no meaning at system level). */
  readonly types?: readonly string[];
  /** What changes stored data may not be called by GET (R4 operations.html#executing). */
  readonly affectsState: boolean;
  /** It may take long, and is answered later to who prefers that (`Prefer: respond-async`). */
  readonly mayBeAsync?: boolean;
  readonly parameters: readonly OperationParameter[];
  /**
   * Name of the parameter that a body stands for which is a resource and no Parameters: `resource` of $validate.
   */
  readonly bareBody?: string;
  /**
   * Reads a body that another standard gives the operation; undefined when it is none, and is read as FHIR then.
   * @throws FhirError 400
   */
  readonly foreignBody?: (body: ForeignBody) => Parameters | undefined;
  /** Forms it can also answer in, by the short name for `_format`: `{ csv: 'text/csv' }`. */
  readonly otherFormats?: Readonly<Record<string, string>>;
  readonly run: (call: OperationCall) => Promise<OperationAnswer>;
}

/** A body as parsed from JSON or XML, or the text of a type that is no format of FHIR. */
export type ForeignBody =
  | { readonly value: unknown }
  | { readonly contentType: string; readonly text: string };

/** Who is told small counts, and what is small: from 1 to below `below` (docs/suppression.md). */
export interface SmallNumbers {
  readonly mode: 'mask' | 'show';
  readonly below: number;
}

/** A call, its parameters checked against the description. */
export interface OperationCall {
  readonly store: Store;
  /** The store, or the open transaction that the call is a part of. */
  readonly reader: Reader;
  readonly baseUrl: string;
  readonly timezone: string;
  readonly calendar: Calendar;
  /** Definitions of R4, of packages, and those stored here now. */
  readonly definitions: () => Promise<DefinitionSource>;
  readonly validate: Validator;
  /** The search parameters that are served. */
  readonly registry: ParameterRegistry;
  /** Whose messages may be kept. */
  readonly relevance: Relevance;
  readonly smallNumbers: SmallNumbers;
  readonly level: Level;
  readonly type?: string;
  readonly id?: string;
  /** As given, by name: texts, numbers, booleans, complex values, resources. */
  readonly input: Input;
  /** The same as a resource. */
  readonly parameters: Parameters;
  /** The body as it came; absent where it was a part of another one, or of no format of FHIR. */
  readonly received?: Buffer;
  /** Short name of the one of `otherFormats` that is wanted; absent: the resource. */
  readonly otherFormat?: string;
}

export interface Input {
  readonly all: (name: string) => readonly unknown[];
  readonly text: (name: string) => string | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly whole: (name: string) => number | undefined;
  readonly resource: (name: string) => Resource | undefined;
}

export type OperationAnswer =
  /** `content` is its JSON, where that is written already. */
  | { readonly resource: Resource; readonly status?: number; readonly content?: string }
  /** A page of stored resources, answered as a searchset Bundle; `next` is a cursor for `_cursor`. */
  | { readonly page: readonly ResourceVersion[]; readonly total?: number; readonly next?: string }
  /** JSON that is no resource, as $graphql answers. */
  | { readonly json: unknown; readonly status?: number }
  /** Something that is neither FHIR nor JSON, answered as it is; names of headers in lower case. */
  | {
      readonly text: string;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly status: 204 };
