import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceOperation,
  CapabilityStatementRestResourceSearchParam,
} from '@medplum/fhirtypes';
import type { Parameter, ParameterRegistry } from '../../fhir/search/parameters.ts';
import { SUPPORTED_TYPES } from '../../fhir/types.ts';
import type { Operation } from '../../operations/operation.ts';
import { operationsOf } from '../../operations/registry.ts';

export interface Capabilities {
  readonly baseUrl: string;
  readonly version: string;
  /** Instant at which the server started: what is served does not change until the next start. */
  readonly started: string;
  /** The embedded store is a trial store; clients may want to know. */
  readonly embedded: boolean;
  readonly registry: ParameterRegistry;
}

/** What this server does (R4 capabilitystatement.html), generated from what it serves. */
export function capabilityStatement(capabilities: Capabilities): CapabilityStatement {
  const { baseUrl, version, started, embedded, registry } = capabilities;
  return {
    resourceType: 'CapabilityStatement',
    id: 'overgang',
    status: 'active',
    date: started,
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+xml', 'json', 'xml'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json', 'application/fhir+xml'],
    publisher: 'Overgang',
    software: { name: 'Overgang', version },
    implementation: {
      url: baseUrl,
      description: embedded
        ? 'Overgang on its embedded trial store: one connection, and a power cut may lose the last writes.'
        : 'Overgang on PostgreSQL.',
    },
    rest: [
      {
        mode: 'server',
        documentation:
          'Care coordination across sectors: courses, stays, exchanges, plans, obligations and the national quality parameters.',
        security: { description: 'Access is controlled in front of this server.' },
        resource: SUPPORTED_TYPES.map((type) => resourceOf(type, registry)),
        interaction: [
          { code: 'transaction' },
          { code: 'batch' },
          { code: 'search-system' },
          { code: 'history-system' },
        ],
        searchParam: [...COMMON],
        operation: operationsOf(undefined).map(operationOf),
      },
    ],
  } as CapabilityStatement;
}

const COMMON: readonly CapabilityStatementRestResourceSearchParam[] = [
  { name: '_id', type: 'token', definition: 'http://hl7.org/fhir/SearchParameter/Resource-id' },
  {
    name: '_lastUpdated',
    type: 'date',
    definition: 'http://hl7.org/fhir/SearchParameter/Resource-lastUpdated',
  },
];

function resourceOf(type: string, registry: ParameterRegistry): CapabilityStatementRestResource {
  const parameters = [...registry.of(type).values()];
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  const operations = operationsOf(type);
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction: [
      { code: 'read' },
      { code: 'vread' },
      { code: 'update' },
      { code: 'patch' },
      { code: 'delete' },
      { code: 'history-instance' },
      { code: 'history-type' },
      { code: 'create' },
      { code: 'search-type' },
    ],
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'multiple',
    referencePolicy: ['literal', 'logical'],
    searchInclude: ['*', ...references.map(({ code }) => `${type}:${code}`)],
    searchRevInclude: revIncludes(type, registry),
    searchParam: [...COMMON, ...parameters.map(searchParam)].sort((a, b) =>
      (a.name as string) < (b.name as string) ? -1 : 1,
    ),
    ...(operations.length === 0 ? {} : { operation: operations.map(operationOf) }),
  } as CapabilityStatementRestResource;
}

function operationOf({ name, definition, mayBeAsync }: Operation): CapabilityStatementRestResourceOperation {
  return {
    name,
    definition,
    ...(mayBeAsync === true ? { documentation: 'Honours Prefer: respond-async.' } : {}),
  };
}

function searchParam({ code, type, url }: Parameter): CapabilityStatementRestResourceSearchParam {
  return { name: code, type, definition: url };
}

const revIncludeCache = new WeakMap<ParameterRegistry, ReadonlyMap<string, string[]>>();

/** The references of other types that may lead to this one. */
function revIncludes(type: string, registry: ParameterRegistry): string[] {
  let byTarget = revIncludeCache.get(registry);
  if (byTarget === undefined) {
    const found = new Map<string, string[]>();
    for (const source of SUPPORTED_TYPES) {
      for (const { code, targets } of registry.of(source).values()) {
        for (const target of targets) found.set(target, [...(found.get(target) ?? []), `${source}:${code}`]);
      }
    }
    byTarget = found;
    revIncludeCache.set(registry, byTarget);
  }
  return byTarget.get(type) ?? [];
}
