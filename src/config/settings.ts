/** One setting: how it is read, and what is told to the person who sets it. */
export interface Setting {
  /** One line for the table in docs/configuration.md. */
  readonly purpose: string;
  readonly default?: string;
  /** Completes the sentence "NAME: …" when the value is wrong. Never repeats the value: it may be a secret. */
  readonly expects: string;
  /** The typed value, or undefined when the text is wrong. */
  readonly parse: (text: string) => unknown;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** The only list of settings: loadConfig reads by it, docs/configuration.md and the README show it. */
export const SETTINGS = {
  HOST: {
    purpose: 'Address to listen on. Anything but loopback needs `OVERGANG_AUTH=off`.',
    default: '127.0.0.1',
    expects: 'is not a host name or IP address, such as 127.0.0.1 or 0.0.0.0',
    parse: (text) => (/^[0-9A-Za-z.:[\]-]+$/.test(text) ? text : undefined),
  },
  PORT: {
    purpose: 'TCP port; `0` takes a free one.',
    default: '8080',
    expects: 'is not a port number from 0 to 65535',
    parse: (text) => wholeNumber(text, 0, 65_535),
  },
  DATABASE_URL: {
    purpose: 'PostgreSQL 15 or later, `postgres://user:password@host:5432/name`. Excludes `OVERGANG_DATA`.',
    expects: 'is not an address of the form postgres://user:password@host:5432/name',
    parse: (text) => (urlWith(text, ['postgres:', 'postgresql:']) === undefined ? undefined : text),
  },
  OVERGANG_DATA: {
    purpose: 'Folder of the embedded database (PGlite), or `memory` for one that is gone at the end.',
    default: '.overgang/data',
    expects: 'is not a folder path or `memory`',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  OVERGANG_BASE_URL: {
    purpose:
      'Public address of the FHIR endpoint, such as `https://fhir.example.dk/fhir`; else that of each request.',
    expects: 'is not an http or https address such as https://fhir.example.dk/fhir',
    parse: (text) => {
      const url = urlWith(text, ['http:', 'https:']);
      return url === undefined || url.search !== '' || url.hash !== '' ? undefined : text.replace(/\/+$/, '');
    },
  },
  LOG_LEVEL: {
    purpose: `Least severity that is logged: ${LEVELS.map((level) => `\`${level}\``).join(', ')}.`,
    default: 'info',
    expects: `is not one of ${LEVELS.join(', ')}`,
    parse: (text) => (LEVELS.includes(text) ? text : undefined),
  },
  OVERGANG_TIMEZONE: {
    purpose: 'IANA time zone in which days and deadlines end.',
    default: 'Europe/Copenhagen',
    expects: 'is not an IANA time zone such as Europe/Copenhagen',
    parse: (text) => (isTimeZone(text) ? text : undefined),
  },
  OVERGANG_AUTH: {
    purpose:
      '`off` says that access is controlled in front of Overgang, and allows other hosts than loopback.',
    expects: 'accepts only `off`',
    parse: (text) => (text === 'off' ? text : undefined),
  },
  OVERGANG_EMBEDDED_IN_PRODUCTION: {
    purpose: '`yes` allows the embedded database under `NODE_ENV=production`.',
    expects: 'accepts only `yes` or `no`',
    parse: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
  },
  OVERGANG_BODY_LIMIT: {
    purpose: 'Largest request body in MiB, after decompression.',
    default: '64',
    expects: 'is not a whole number of MiB from 1 to 1024',
    parse: (text) => scaled(wholeNumber(text, 1, 1024), 1024 * 1024),
  },
  OVERGANG_STOP_TIMEOUT: {
    purpose: 'Seconds that open requests may take to finish after SIGTERM or SIGINT.',
    default: '30',
    expects: 'is not a whole number of seconds from 1 to 600',
    parse: (text) => scaled(wholeNumber(text, 1, 600), 1000),
  },
  OVERGANG_RELEVANCE: {
    purpose:
      'Whose messages and letters are kept: `everyone`, or `known-cases`: only citizens with a course or municipal ' +
      'services; of others only technical metadata stays (MedCom R.BR1).',
    default: 'everyone',
    expects: 'accepts only `everyone` or `known-cases`',
    parse: (text) => (text === 'everyone' || text === 'known-cases' ? text : undefined),
  },
  OVERGANG_OUTGOING: {
    purpose:
      '`on` sends queued messages to the Endpoints of their receivers. `off` keeps them queued: nobody who can store ' +
      'an Endpoint makes this server call it.',
    default: 'off',
    expects: 'accepts only `on` or `off`',
    parse: (text) => (text === 'on' ? true : text === 'off' ? false : undefined),
  },
  OVERGANG_OUTGOING_RETRIES: {
    purpose: 'How often what nobody acknowledged is sent again before it is given up.',
    default: '3',
    expects: 'is not a whole number from 0 to 100',
    parse: (text) => wholeNumber(text, 0, 100),
  },
  OVERGANG_OUTGOING_PATIENCE: {
    purpose: 'Minutes without an acknowledgement or receipt until the next attempt.',
    default: '30',
    expects: 'is not a whole number of minutes from 1 to 10080',
    parse: (text) => scaled(wholeNumber(text, 1, 10_080), 60_000),
  },
  OVERGANG_PROCESSES: {
    purpose:
      'Server processes that share the port and the database, when one is not enough; more than 1 needs `DATABASE_URL`.',
    default: '1',
    expects: 'is not a whole number of processes from 1 to 64',
    parse: (text) => wholeNumber(text, 1, 64),
  },
  OVERGANG_WORKERS: {
    purpose:
      'Threads that evaluate Measures, each with its own memory; by default one fewer than there are processors, at ' +
      'least 1 and at most 8.',
    expects: 'is not a whole number from 1 to 64',
    parse: (text) => wholeNumber(text, 1, 64),
  },
  OVERGANG_CRITERIA_SECONDS: {
    purpose:
      'Seconds that the criteria of a Measure may take on one stay or patient. What takes longer is ended, and the ' +
      'Measure is answered with 422 until it is changed.',
    default: '5',
    expects: 'is not a whole number of seconds from 1 to 600',
    parse: (text) => scaled(wholeNumber(text, 1, 600), 1000),
  },
  OVERGANG_CRITERIA_MEMORY: {
    purpose:
      'MiB of memory that a thread evaluating Measures may use; what needs more is ended in the same way.',
    default: '512',
    expects: 'is not a whole number of MiB from 128 to 16384',
    parse: (text) => wholeNumber(text, 128, 16_384),
  },
  OVERGANG_SMALL_NUMBERS: {
    purpose:
      '`mask` hides small counts of `$evaluate-measure`, whoever asks. `show` answers exact counts, and masks for who ' +
      'asks with `smallNumbers=mask`: for those who may see every citizen anyway.',
    default: 'mask',
    expects: 'accepts only `mask` or `show`',
    parse: (text) => (text === 'mask' || text === 'show' ? text : undefined),
  },
  OVERGANG_SMALL_NUMBERS_BELOW: {
    purpose: 'Counts from 1 to below this are small, in every report.',
    default: '5',
    expects: 'is not a whole number from 2 to 1000',
    parse: (text) => wholeNumber(text, 2, 1000),
  },
  OVERGANG_PACKAGES: {
    purpose: 'Folder with FHIR packages (`.tgz`) whose definitions serve validation, terminology and search.',
    expects: 'is not a folder path',
    parse: (text) => (text.includes('\0') ? undefined : text),
  },
  NODE_ENV: {
    purpose: '`production` refuses the embedded database.',
    expects: 'is not text',
    parse: (text) => text,
  },
} as const satisfies Record<string, Setting> as Readonly<Record<SettingName, Setting>>;

export type SettingName =
  | 'HOST'
  | 'PORT'
  | 'DATABASE_URL'
  | 'OVERGANG_DATA'
  | 'OVERGANG_BASE_URL'
  | 'LOG_LEVEL'
  | 'OVERGANG_TIMEZONE'
  | 'OVERGANG_AUTH'
  | 'OVERGANG_EMBEDDED_IN_PRODUCTION'
  | 'OVERGANG_BODY_LIMIT'
  | 'OVERGANG_STOP_TIMEOUT'
  | 'OVERGANG_OUTGOING'
  | 'OVERGANG_OUTGOING_RETRIES'
  | 'OVERGANG_OUTGOING_PATIENCE'
  | 'OVERGANG_PROCESSES'
  | 'OVERGANG_WORKERS'
  | 'OVERGANG_CRITERIA_SECONDS'
  | 'OVERGANG_CRITERIA_MEMORY'
  | 'OVERGANG_PACKAGES'
  | 'OVERGANG_SMALL_NUMBERS'
  | 'OVERGANG_SMALL_NUMBERS_BELOW'
  | 'OVERGANG_RELEVANCE'
  | 'NODE_ENV';

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

function urlWith(text: string, protocols: readonly string[]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && protocols.includes(url.protocol) ? url : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
