import type { OperationOutcome } from '@medplum/fhirtypes';
import type { Config } from '../../config.ts';
import { buildApp } from '../../http/app.ts';
import { CliError } from '../io.ts';

export interface TargetRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the FHIR base, with a leading slash; empty for the base itself. */
  readonly path: string;
  /** An OIOXML letter: its path is below the server, beside the FHIR base. */
  readonly letter?: boolean;
  readonly body?: string;
}

export interface TargetAnswer {
  readonly status: number;
  readonly body: string;
}

/** A FHIR endpoint: a server somewhere, or the server's own code over a database. */
export interface Target {
  /** For messages and the state of a load; never with credentials. */
  readonly name: string;
  send(request: TargetRequest): Promise<TargetAnswer>;
  close(): Promise<void>;
}

const LETTER_HEADERS = { 'content-type': 'application/xml', accept: 'application/json' };
const HEADERS = { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' };

/** Where a request goes on a server of ours, from its root, and the headers it goes with. */
export function addressed({ path, letter }: TargetRequest) {
  return letter === true ? { url: path, headers: LETTER_HEADERS } : { url: `/fhir${path}`, headers: HEADERS };
}

/** Waits between attempts, in milliseconds: a server that restarts is back within them. */
const RETRY_AFTER = [300, 1000, 3000, 9000];
const WORTH_RETRYING = new Set([408, 429, 502, 503, 504]);
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET']);

/** A server over HTTP; what fails for a passing reason is sent again (all that is loaded can be sent twice). */
export function httpTarget(address: string): Target {
  if (!URL.canParse(address)) throw new CliError(`'${address}' is no URL`, 2);
  const url = new URL(address);
  const base = address.replace(/\/+$/, '');
  const once = async ({ method, path, body, letter }: TargetRequest): Promise<TargetAnswer> => {
    const root = letter === true ? new URL(base).origin : base;
    const headers = letter === true ? LETTER_HEADERS : HEADERS;
    const response = await fetch(`${root}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, body: await response.text() };
  };
  const send = async (request: TargetRequest): Promise<TargetAnswer> => {
    for (const wait of RETRY_AFTER) {
      try {
        const answer = await once(request);
        if (!WORTH_RETRYING.has(answer.status)) return answer;
      } catch (error) {
        // A connection that broke is a passing reason; nobody there, or no such host, is none.
        if (!PASSING.has((error as { cause?: { code?: string } }).cause?.code ?? '')) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return once(request);
  };
  return { name: `${url.protocol}//${url.host}${url.pathname}`, send, close: async () => {} };
}

/** The database of these settings, through the same code as over HTTP, so that obligations are planned too. */
export async function databaseTarget(config: Config): Promise<Target> {
  const app = await buildApp({ ...config, logLevel: 'silent' });
  return {
    name: config.databaseUrl === undefined ? `folder ${config.dataFolder}` : 'database',
    send: async (request) => {
      const { method, body } = request;
      const answer = await app.inject({
        method,
        ...addressed(request),
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: answer.statusCode, body: answer.body };
    },
    close: () => app.close(),
  };
}

/** What the server says is wrong, in a line; the whole answer is no help when it is not FHIR. */
export function problemOf(answer: TargetAnswer): string {
  try {
    const outcome = JSON.parse(answer.body) as OperationOutcome;
    const [issue] = outcome.issue ?? [];
    const text = issue?.diagnostics ?? issue?.details?.text ?? issue?.code;
    if (text !== undefined) {
      return `${answer.status} ${text}${issue?.expression === undefined ? '' : ` (${issue.expression[0]})`}`;
    }
  } catch {
    // Told below.
  }
  return `${answer.status} without an OperationOutcome: is this a FHIR endpoint (…/fhir)?`;
}
