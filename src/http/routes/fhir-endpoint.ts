import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Presentation, respond } from '../answer/respond.ts';
import { kickOff } from '../async/kick-off.ts';
import { readBody } from '../formats/body.ts';
import { negotiate } from '../formats/formats.ts';
import { otherFormat } from '../formats/other-format.ts';
import type { Context, FhirRequest, Method, Pairs, RequestHeaders } from '../request/exchange.ts';
import { parsePairs } from '../request/query.ts';
import { interact, interactionLabel } from './interact.ts';

const BASE = '/fhir';
const METHODS: Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

declare module 'fastify' {
  interface FastifyRequest {
    /** The FHIR interaction, for the log; no ids, no parameters. */
    interaction?: string;
  }
}

/** Every path under /fhir goes to one door; route.ts reads it, so that Bundle entries are read the same way. */
export function fhirEndpoint(
  app: FastifyInstance,
  contextOf: (request: FastifyRequest) => Context,
  onKickOff: () => void,
): void {
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const [path, queryText] = splitUrl(request.raw.url ?? '');
    const method = request.method as Method;
    request.interaction = interactionLabel({ method, path });
    const query = parsePairs(queryText);
    const { accept } = request.headers;
    const shown: Presentation =
      otherFormat(path, query, accept) === undefined
        ? presentation(query, accept)
        : { format: 'json', pretty: false };
    const body = readBody(
      request.body instanceof Buffer ? request.body : Buffer.alloc(0),
      request.headers['content-type'],
    );
    const fhirRequest: FhirRequest = {
      method,
      path,
      query,
      headers: requestHeaders(request),
      ...(body === undefined ? {} : { body }),
    };
    const context = contextOf(request);
    const later = await kickOff(context, fhirRequest);
    if (later !== undefined) onKickOff();
    return respond(reply, later ?? (await interact(context, fhirRequest)), shown);
  };
  app.route({ method: METHODS, url: BASE, exposeHeadRoute: false, handler: handle });
  app.route({ method: METHODS, url: `${BASE}/*`, exposeHeadRoute: false, handler: handle });
}

/** How an answer to this request is to be shown; throws 406 as {@link negotiate}. */
export function presentation(query: Pairs, accept: string | undefined): Presentation {
  const value = (name: string): string | undefined => query.find(([given]) => given === name)?.[1];
  return { format: negotiate(accept, value('_format')), pretty: value('_pretty') === 'true' };
}

/** Path below the base without surrounding slashes, and the query text. */
function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf('?');
  const path = (mark === -1 ? url : url.slice(0, mark)).slice(BASE.length);
  return [path.replace(/^\/+|\/+$/g, ''), mark === -1 ? '' : url.slice(mark + 1)];
}

function requestHeaders(request: FastifyRequest): RequestHeaders {
  const headers: Record<string, string> = {};
  const keep = (name: string, header: string): void => {
    const value = request.headers[header];
    if (typeof value === 'string') headers[name] = value;
  };
  keep('ifMatch', 'if-match');
  keep('ifNoneMatch', 'if-none-match');
  keep('ifModifiedSince', 'if-modified-since');
  keep('ifNoneExist', 'if-none-exist');
  keep('prefer', 'prefer');
  keep('accept', 'accept');
  return headers;
}
