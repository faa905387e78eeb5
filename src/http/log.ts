import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify';

/** Ten digits that may be a CPR number, with or without the hyphen; not part of a longer number. */
const CPR_LIKE = /(?<![\d.])\d{6}[- ]?\d{4}(?!\d)/g;

/** Masks what looks like a CPR number. */
function withoutCpr(line: string): string {
  return line.replace(CPR_LIKE, '[cpr]');
}

/** Structured lines (pino). The mask is the last line of defence: no caller should log a person's data at all. */
export function loggerOptions(level: string): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    hooks: { streamWrite: withoutCpr },
    serializers: {
      err: (error: Error & { code?: string }) => ({
        type: error.name,
        message: error.message,
        stack: error.stack ?? '',
        ...(error.code === undefined ? {} : { code: error.code }),
      }),
    },
  } as NonNullable<FastifyServerOptions['logger']>;
}

/**
 * One line an answer: method, what was asked for (never the URL, which may carry a CPR number), status and
 * milliseconds.
 */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.interaction ?? request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (reply.statusCode >= 500) request.log.error(line, 'answered');
    else request.log.info(line, 'answered');
  });
}

/** Warns of everything an operator should know, at each start. */
export function logWarnings(log: FastifyBaseLogger, warnings: readonly string[]): void {
  for (const warning of warnings) log.warn(warning);
}
