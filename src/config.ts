import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { SETTINGS, type SettingName } from './config/settings.ts';

/** Every setting, checked and typed. `docs/configuration.md` is the same list for people. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly databaseUrl?: string;
  /** Folder of the embedded database, or `memory`; absent when `databaseUrl` is given. */
  readonly dataFolder?: string;
  /** Public address of the FHIR endpoint, without a trailing slash; else taken from each request. */
  readonly baseUrl?: string;
  readonly logLevel: string;
  /** IANA zone in which days begin and end. */
  readonly timezone: string;
  /** `off` is the operator's word that access is controlled elsewhere; `none` that nobody has said so. */
  readonly auth: 'off' | 'none';
  readonly production: boolean;
  /** Server processes on one port. */
  readonly processes: number;
  /** Bytes a request body may have, after decompression. */
  readonly bodyLimit: number;
  /** Milliseconds between SIGTERM and the moment at which open requests are given up. */
  readonly stopTimeout: number;
  /** Whose messages and letters are kept: everybody's, or only those of citizens with a case. */
  readonly relevance: 'everyone' | 'known-cases';
  /** Whether queued messages are sent to their receivers. */
  readonly outgoing: boolean;
  /** How often, and after how many milliseconds, what nobody acknowledged is sent again. */
  readonly resending: { readonly retries: number; readonly patience: number };
  /** Limits of what evaluating Measures may take; those that are absent keep their defaults. */
  readonly evaluation: {
    readonly threads?: number;
    /** Milliseconds on one member. */
    readonly perMember: number;
    /** MiB a thread. */
    readonly memory: number;
  };
  /** Whether small counts are hidden from everybody, or shown to who does not ask otherwise. */
  readonly smallNumbers: 'mask' | 'show';
  /** Counts from 1 to below this are small. */
  readonly smallNumbersBelow: number;
  /** Folder with FHIR packages to load at start. */
  readonly packages?: string;
  /** What the operator should know; logged at every start. */
  readonly warnings: readonly string[];
}

/** Names every wrong setting at once, so that an operator mends them in one go. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Overgang cannot start with these settings:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The process environment over the `.env` file of the working folder; the environment wins. */
export function readEnvironment(file = '.env', environment: Environment = process.env): Environment {
  if (!existsSync(file)) return environment;
  return { ...parseEnv(readFileSync(file, 'utf8')), ...environment };
}

/**
 * Reads the settings. An empty text counts as absent.
 * @throws ConfigError naming each wrong setting, its value's fault and what is accepted.
 */
export function loadConfig(environment: Environment = readEnvironment()): Config {
  const problems: string[] = [];
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const value = (name: SettingName): unknown => {
    const setting = SETTINGS[name];
    const text = given(name) ?? setting.default;
    if (text === undefined) return undefined;
    const parsed = setting.parse(text);
    if (parsed === undefined) problems.push(`${name}: ${setting.expects}.`);
    return parsed;
  };

  const host = value('HOST') as string;
  const databaseUrl = value('DATABASE_URL') as string | undefined;
  const dataFolder = databaseUrl === undefined ? (value('OVERGANG_DATA') as string) : undefined;
  const auth = (value('OVERGANG_AUTH') as 'off' | undefined) ?? 'none';
  const production = given('NODE_ENV') === 'production';
  const baseUrl = value('OVERGANG_BASE_URL') as string | undefined;
  const packages = value('OVERGANG_PACKAGES') as string | undefined;
  const threads = value('OVERGANG_WORKERS') as number | undefined;
  const embeddedAllowed = value('OVERGANG_EMBEDDED_IN_PRODUCTION') === true;

  if (databaseUrl !== undefined && given('OVERGANG_DATA') !== undefined) {
    problems.push(
      'OVERGANG_DATA: set either DATABASE_URL (PostgreSQL) or OVERGANG_DATA (embedded), not both.',
    );
  }
  if (host !== undefined && !isLoopback(host) && auth !== 'off') {
    problems.push(
      'HOST: anything but loopback would let everyone who reaches it read and write. ' +
        'Set OVERGANG_AUTH=off when access is controlled in front of Overgang, or HOST=127.0.0.1.',
    );
  }
  if (production && databaseUrl === undefined && !embeddedAllowed) {
    problems.push(
      'DATABASE_URL: the embedded store does not survive a power cut, so production wants PostgreSQL. ' +
        'Set DATABASE_URL, or OVERGANG_EMBEDDED_IN_PRODUCTION=yes to take the risk.',
    );
  }
  if (databaseUrl === undefined && Number(given('OVERGANG_PROCESSES') ?? 1) > 1) {
    problems.push(
      'OVERGANG_PROCESSES: the embedded store serves one process; set DATABASE_URL, or 1 process.',
    );
  }
  const config: Config = {
    host,
    port: value('PORT') as number,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    logLevel: value('LOG_LEVEL') as string,
    timezone: value('OVERGANG_TIMEZONE') as string,
    auth,
    production,
    processes: value('OVERGANG_PROCESSES') as number,
    bodyLimit: value('OVERGANG_BODY_LIMIT') as number,
    stopTimeout: value('OVERGANG_STOP_TIMEOUT') as number,
    relevance: value('OVERGANG_RELEVANCE') as Config['relevance'],
    outgoing: value('OVERGANG_OUTGOING') as boolean,
    smallNumbers: value('OVERGANG_SMALL_NUMBERS') as Config['smallNumbers'],
    smallNumbersBelow: value('OVERGANG_SMALL_NUMBERS_BELOW') as number,
    resending: {
      retries: value('OVERGANG_OUTGOING_RETRIES') as number,
      patience: value('OVERGANG_OUTGOING_PATIENCE') as number,
    },
    evaluation: {
      ...(threads === undefined ? {} : { threads }),
      perMember: value('OVERGANG_CRITERIA_SECONDS') as number,
      memory: value('OVERGANG_CRITERIA_MEMORY') as number,
    },
    ...(packages === undefined ? {} : { packages }),
    warnings: warningsFor(environment, host, databaseUrl === undefined),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Whether only this machine can reach an address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function warningsFor(environment: Environment, host: string | undefined, embedded: boolean): string[] {
  const reach =
    host !== undefined && isLoopback(host) ? 'everyone on this machine' : 'everyone who reaches it';
  const known = new Set<string>(Object.keys(SETTINGS));
  const unknown = Object.keys(environment).filter((name) => name.startsWith('OVERGANG_') && !known.has(name));
  return [
    `Access control is off: ${reach} can read and write everything.`,
    ...(embedded
      ? ['The embedded store is for trials: one connection, and a power cut may lose the last writes.']
      : []),
    ...unknown.map((name) => `${name} is not a setting of Overgang and has no effect.`),
  ];
}
