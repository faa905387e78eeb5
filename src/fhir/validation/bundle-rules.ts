import { has, isObject, type Json } from './json-object.ts';

/** A rule on one object: true or false, undefined when the data does not decide it. */
type ObjectRule = (value: Json) => boolean | undefined;

function entriesOf({ entry }: Json): readonly Json[] {
  return Array.isArray(entry) ? entry.filter(isObject) : [];
}

/** `type = 'a' or type = 'b'`; undefined without a type. */
function isOf({ type }: Json, ...types: readonly string[]): boolean | undefined {
  return typeof type === 'string' ? types.includes(type) : undefined;
}

/** `entry.all(name.exists() = (type = …))` */
const exactlyIn =
  (name: string, ...types: readonly string[]): ObjectRule =>
  (bundle) => {
    const expected = isOf(bundle, ...types);
    return expected === undefined
      ? undefined
      : entriesOf(bundle).every((entry) => has(entry, name) === expected);
  };

/** `type = 'a' implies …` */
const ofType =
  (type: string, test: ObjectRule): ObjectRule =>
  (bundle) => {
    const asked = isOf(bundle, type);
    return asked === false ? true : asked === true ? test(bundle) : undefined;
  };

const beginsWith =
  (type: string): ObjectRule =>
  (bundle) => {
    const resource = entriesOf(bundle)[0]?.resource;
    return isObject(resource) ? resource.resourceType === type : undefined;
  };

/** Whether no resource stands twice in the same version: a full URL with the version behind it. */
function hasDistinctUrls(bundle: Json): boolean {
  const names = entriesOf(bundle)
    .filter((entry) => has(entry, 'fullUrl'))
    .map(({ fullUrl, resource }) => {
      const meta = isObject(resource) ? resource.meta : undefined;
      const version = isObject(meta) ? meta.versionId : undefined;
      return `${fullUrl ?? ''}${version ?? ''}`;
    });
  return new Set(names).size === names.length;
}

/** The rules of Bundle (R4 bundle.html#invs), by their expressions: each stands on every message that comes. */
export const BUNDLE_RULES: readonly (readonly [expression: string, rule: ObjectRule])[] = [
  [
    "total.empty() or (type = 'searchset') or (type = 'history')",
    (bundle) => !has(bundle, 'total') || isOf(bundle, 'searchset', 'history'),
  ],
  [
    "entry.search.empty() or (type = 'searchset')",
    (bundle) => !entriesOf(bundle).some((entry) => has(entry, 'search')) || isOf(bundle, 'searchset'),
  ],
  [
    "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
    exactlyIn('request', 'batch', 'transaction', 'history'),
  ],
  [
    "entry.all(response.exists() = (%resource.type = 'batch-response' or %resource.type = 'transaction-response' or %resource.type = 'history'))",
    exactlyIn('response', 'batch-response', 'transaction-response', 'history'),
  ],
  [
    "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
    (bundle) => {
      const isHistory = isOf(bundle, 'history');
      return isHistory === true || hasDistinctUrls(bundle) || isHistory;
    },
  ],
  [
    "type = 'document' implies (identifier.system.exists() and identifier.value.exists())",
    ofType('document', ({ identifier }) => {
      return isObject(identifier) && has(identifier, 'system') && has(identifier, 'value');
    }),
  ],
  [
    "type = 'document' implies (timestamp.hasValue())",
    ofType('document', ({ timestamp }) => timestamp !== undefined),
  ],
  [
    "type = 'document' implies entry.first().resource.is(Composition)",
    ofType('document', beginsWith('Composition')),
  ],
  [
    "type = 'message' implies entry.first().resource.is(MessageHeader)",
    ofType('message', beginsWith('MessageHeader')),
  ],
];

/** Those of Bundle.entry. */
export const ENTRY_RULES: typeof BUNDLE_RULES = [
  [
    'resource.exists() or request.exists() or response.exists()',
    (entry) => has(entry, 'resource') || has(entry, 'request') || has(entry, 'response'),
  ],
  [
    "fullUrl.exists() implies fullUrl.contains('/_history/').not()",
    (entry) => {
      if (!has(entry, 'fullUrl')) return true;
      return typeof entry.fullUrl === 'string' ? !entry.fullUrl.includes('/_history/') : undefined;
    },
  ],
];
