import autocannon from 'autocannon';

/** One request below a FHIR base. */
export interface Shot {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
}

export interface Fired {
  readonly perSecond: number;
  /** Successful answers in all. */
  readonly answered: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Answers 503: the server protected itself. */
  readonly refused: number;
}

const ACCEPT = { accept: 'application/fhir+json' };
const WITH_BODY = { ...ACCEPT, 'content-type': 'application/fhir+json' };

/**
 * Sends request after request over open connections, each a new shot.
 * @throws when an answer is neither 2xx nor 503: a figure of failed requests is none
 */
export async function fire(
  origin: string,
  shot: () => Shot,
  seconds: number,
  connections: number,
): Promise<Fired> {
  const result = await autocannon({
    url: origin,
    duration: seconds,
    connections,
    requests: [
      {
        setupRequest: (request) => {
          const { method, path, body } = shot();
          const headers = body === undefined ? ACCEPT : WITH_BODY;
          return { ...request, method, path: `/fhir${path}`, headers, body };
        },
      },
    ],
  });
  const refused = result.statusCodeStats?.['503']?.count ?? 0;
  if (result.errors > 0 || result.non2xx > refused) {
    const answers = JSON.stringify(result.statusCodeStats);
    throw new Error(`${origin}: answers ${answers}, ${result.errors} connections failed`);
  }
  return {
    perSecond: result['2xx'] / result.duration,
    answered: result['2xx'],
    median: result.latency.p50,
    p99: result.latency.p99,
    refused,
  };
}
