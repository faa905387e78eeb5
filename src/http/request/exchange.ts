import type { Calendar } from '../../coordination/calendar.ts';
import type { DefinitionSource } from '../../fhir/definitions.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import type { Validator } from '../../fhir/validation/validate.ts';
import type { Relevance } from '../../medcom/relevance.ts';
import type { SmallNumbers } from '../../operations/operation.ts';
import type { ExpandCodes } from '../../store/search/resolve.ts';
import type { Reader, Store } from '../../store/store.ts';

/**
 * A FHIR interaction as this server sees it, whether it came over HTTP or as an entry of a Bundle.
 * Interactions know nothing of Fastify; formats and compression are the face's business.
 */
export interface FhirRequest {
  readonly method: Method;
  /** Below the base, without leading or trailing slash, still percent-encoded: `Patient/123/_history`. */
  readonly path: string;
  /** Decoded, in the order given; repeats kept. */
  readonly query: Pairs;
  readonly headers: RequestHeaders;
  readonly body?: Body;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export type Pairs = readonly (readonly [name: string, value: string])[];

export interface RequestHeaders {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifNoneExist?: string;
  readonly prefer?: string;
  readonly accept?: string;
}

export type Body =
  /** JSON or XML; the value is as parsed, not yet known to be a resource. `bytes`: as it came, when it came by itself. */
  | { readonly kind: 'resource'; readonly value: unknown; readonly bytes?: Buffer }
  /** `application/json-patch+json`, as parsed. */
  | { readonly kind: 'json-patch'; readonly value: unknown }
  | { readonly kind: 'form'; readonly pairs: Pairs }
  | { readonly kind: 'other'; readonly contentType: string; readonly bytes: Buffer };

export interface FhirResponse {
  readonly status: number;
  /** JSON text of the resource answered; absent: no body. */
  readonly content?: string;
  /** Headers of the interaction (`etag`, `last-modified`, `location`, `allow` …), names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Instant of the version answered, finer than the header's seconds. */
  readonly lastUpdated?: string;
  /** What is neither FHIR nor JSON, instead of `content`. */
  readonly raw?: { readonly text: string; readonly contentType: string };
  /** Resources to be answered one per line; instead of `content`, when the client asked for NDJSON. */
  readonly lines?: readonly string[];
}

/** What interactions work with. */
export interface Context {
  readonly store: Store;
  /** The store, or the open transaction of which this interaction is a part. */
  readonly reader: Reader;
  /** Public address of the endpoint, without a trailing slash. */
  readonly baseUrl: string;
  /** IANA zone of days that are written without one. */
  readonly timezone: string;
  readonly calendar: Calendar;
  /** Whose messages may be kept. */
  readonly relevance: Relevance;
  readonly smallNumbers: SmallNumbers;
  /** Definitions of R4, of packages, and those stored here now. */
  readonly definitions: () => Promise<DefinitionSource>;
  readonly expandCodes: ExpandCodes;
  readonly validate: Validator;
  /** The search parameters that are served. */
  readonly registry: ParameterRegistry;
  /** Runs an interaction: a Bundle's entries go through the same door as HTTP requests. */
  readonly interact: (context: Context, request: FhirRequest) => Promise<FhirResponse>;
  /** JSON text of what this server does. */
  readonly metadata: (mode: 'full' | 'terminology', baseUrl: string) => string;
  /** Logs a failure of the server that is answered within a Bundle. */
  readonly failed: (error: unknown) => void;
}
