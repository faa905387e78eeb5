/**
 * The primitive types of R4 (datatypes.html#primitive): one check each. A check answers why the value is wrong, with
 * how to mend it, or undefined. The texts never repeat the value, which may be a citizen's.
 */
export type PrimitiveCheck = (value: unknown) => string | undefined;

const LONGEST_STRING = 1_048_576;
const LARGEST_INTEGER = 2_147_483_647;

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/;
const ZONED_TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/;
const CODE = /^[^\s]+([\t\n\r ][^\s]+)*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

function text(check: (value: string) => string | undefined): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'string') {
      return `must be a JSON string, but is ${nameOf(value)}`;
    }
    return value === '' ? 'must not be empty; leave the element out' : check(value);
  };
}

function integer(from: number, wording: string): PrimitiveCheck {
  return (value) => {
    if (typeof value !== 'number') {
      return `must be a JSON number without quotes, but is ${nameOf(value)}`;
    }
    return Number.isInteger(value) && value >= from && value <= LARGEST_INTEGER ? undefined : wording;
  };
}

const string = text((value) => {
  if (value.length > LONGEST_STRING) {
    return 'must not be longer than 1,048,576 characters';
  }
  return CONTROL.test(value)
    ? 'must not hold control characters (only tab, line feed and carriage return)'
    : undefined;
});

const uri = text((value) => (/\s/.test(value) ? 'must be a URI without spaces' : undefined));

/** The days of a month of the proleptic Gregorian calendar. */
function daysIn(year: number, month: number): number {
  if (month === 2) {
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  }
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isDate(value: string): boolean {
  const found = DATE.exec(value);
  if (found === null || found[1] === '0000') {
    return false;
  }
  const month = found[2] === undefined ? 1 : Number(found[2]);
  const day = found[3] === undefined ? 1 : Number(found[3]);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(Number(found[1]), month);
}

function isInstant(value: string): boolean {
  return value[10] === 'T' && isDate(value.slice(0, 10)) && ZONED_TIME.test(value.slice(11));
}

/** Letters are stored as they came, some thousand characters each: the decoder of the platform judges them fastest. */
function isBase64(value: string): boolean {
  let bytes: number | undefined;
  try {
    bytes = atob(value).length;
  } catch {
    bytes = undefined;
  }
  // It wants no padding and passes over white space: its word is enough where there is the one and not the other.
  if (bytes !== undefined && value.length === 4 * Math.ceil(bytes / 3)) {
    if (bytes % 3 === 0 || value.endsWith('=')) return true;
  }
  const compact = value.replace(/\s+/g, '');
  return compact.length % 4 === 0 && BASE64.test(compact);
}

export const PRIMITIVES: Readonly<Record<string, PrimitiveCheck>> = {
  boolean: (value) =>
    typeof value === 'boolean' ? undefined : `must be true or false without quotes, but is ${nameOf(value)}`,
  integer: integer(-LARGEST_INTEGER - 1, 'must be a whole number from -2147483648 to 2147483647'),
  unsignedInt: integer(0, 'must be a whole number from 0 to 2147483647'),
  positiveInt: integer(1, 'must be a whole number from 1 to 2147483647'),
  decimal: (value) => {
    if (typeof value !== 'number') {
      return `must be a JSON number without quotes, but is ${nameOf(value)}`;
    }
    return Number.isFinite(value) ? undefined : 'is too large for a number';
  },
  string,
  markdown: string,
  uri,
  url: uri,
  canonical: uri,
  oid: text((value) =>
    /^urn:oid:[0-2](\.(0|[1-9]\d*))+$/.test(value)
      ? undefined
      : 'must be an OID such as urn:oid:1.2.208.176.1.2',
  ),
  uuid: text((value) =>
    /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
      ? undefined
      : 'must be a UUID such as urn:uuid:c757873d-ec9a-4326-a141-556f43239520, in lower case',
  ),
  id: text((value) =>
    /^[A-Za-z0-9\-.]{1,64}$/.test(value)
      ? undefined
      : 'must be 1 to 64 of the characters A-Z a-z 0-9 - and .',
  ),
  code: text((value) =>
    CODE.test(value)
      ? undefined
      : 'must be a code without spaces at its ends and with single spaces inside at most',
  ),
  base64Binary: text((value) => (isBase64(value) ? undefined : 'must be base64 (RFC 4648 §4, with padding)')),
  date: text((value) =>
    isDate(value) ? undefined : 'must be a date that exists: YYYY, YYYY-MM or YYYY-MM-DD',
  ),
  dateTime: text((value) =>
    (value.length > 10 ? isInstant(value) : isDate(value))
      ? undefined
      : 'must be a date or time that exists: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss(.sss) with Z or an offset such as +01:00',
  ),
  instant: text((value) =>
    isInstant(value)
      ? undefined
      : 'must be an instant that exists: YYYY-MM-DDThh:mm:ss(.sss) with Z or an offset such as +01:00',
  ),
  time: text((value) =>
    TIME.test(value) ? undefined : 'must be a time of day: hh:mm:ss(.sss), without zone',
  ),
};

/** What a JSON value is, for texts that say what was found. */
export function nameOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
