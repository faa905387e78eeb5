import type { Resource } from '@medplum/fhirtypes';
import { extractIndexRows } from '../../fhir/search/extract.ts';
import type { IndexRows } from '../../fhir/search/index-rows.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import type { ParameterIds, SortKey } from '../../fhir/search/query.ts';
import { indexable } from '../keys.ts';
import { instant } from '../write/arrays.ts';
import type { SortValue } from './sort.ts';

type ParameterKey = Extract<SortKey, { by: 'parameter' }>;

function candidates(rows: IndexRows, { table, parameters, descending }: ParameterKey): readonly SortValue[] {
  const of = <Row extends { readonly parameter: number }>(all: readonly Row[], ids: ParameterIds) =>
    all.filter(({ parameter }) => ids.includes(parameter));
  switch (table) {
    case 'token':
      return of(rows.tokens, parameters).map(({ value }) => indexable(value));
    case 'string':
      return of(rows.strings, parameters).map(({ folded }) => folded);
    case 'uri':
      return of(rows.uris, parameters).map(({ uri }) => indexable(uri));
    case 'reference':
      return of(rows.references, parameters).map(({ target }) => target);
    case 'quantity':
      return of(rows.quantities, parameters).map(({ low }) => low);
    case 'date':
      return of(rows.dates, parameters).map(({ low, high }) => instant(descending ? high : low));
  }
}

function extreme(values: readonly SortValue[], descending: boolean): SortValue {
  return values.reduce<SortValue>((best, value) => {
    if (best === null || value === null) {
      return best ?? value;
    }
    const less =
      typeof value === 'number'
        ? value < Number(best)
        : Buffer.compare(Buffer.from(String(value)), Buffer.from(String(best))) < 0;
    return less === descending ? best : value;
  }, null);
}

/** The values a version of a resource was ordered by, worked out from its content as the index did when it was stored. */
export function sortValues(
  resource: Resource,
  lastUpdated: string,
  keys: readonly SortKey[],
  registry: ParameterRegistry,
  zone: string | undefined,
): readonly SortValue[] {
  const rows = extractIndexRows(resource, registry, zone);
  return keys.map((key): SortValue => {
    if (key.by === 'parameter') {
      return extreme(candidates(rows, key), key.descending);
    }
    return key.by === 'id' ? (resource.id ?? null) : lastUpdated;
  });
}
