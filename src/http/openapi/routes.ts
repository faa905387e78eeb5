import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { packageVersion } from '../metadata/metadata.ts';
import { openApiDocument } from './document.ts';

/** The pages load nothing from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";

/** GET /openapi.json, and pages under /docs to browse and try it. The document is made when first asked for. */
export async function openApiRoutes(
  app: FastifyInstance,
  served: () => ParameterRegistry,
  baseUrlOf: (request: FastifyRequest) => string,
): Promise<void> {
  const texts = new Map<string, string>();
  let of = served();
  app.get('/openapi.json', async (request, reply) => {
    const baseUrl = baseUrlOf(request);
    const registry = served();
    if (registry !== of) texts.clear();
    of = registry;
    let text = texts.get(baseUrl);
    if (text === undefined) {
      text = JSON.stringify(openApiDocument(packageVersion(), baseUrl, registry));
      // One address is the rule; made-up Host headers must not fill the memory.
      texts.clear();
      texts.set(baseUrl, text);
    }
    return reply.header('content-type', 'application/json; charset=utf-8').send(text);
  });
  // The pages read /openapi.json; the plugin insists on a document of its own.
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { openapi: '3.1.0', info: { title: 'Overgang', version: '1' }, paths: {} } },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_POLICY,
    uiConfig: {
      url: '/openapi.json',
      docExpansion: 'none',
      tagsSorter: 'alpha',
      defaultModelsExpandDepth: -1,
    },
  });
}
