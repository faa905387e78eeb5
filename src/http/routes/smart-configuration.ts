import type { FastifyInstance } from 'fastify';

/**
 * GET [base]/.well-known/smart-configuration (SMART App Launch, conformance): says truthfully that this server
 * neither issues nor checks tokens, so that clients connect openly instead of failing at discovery.
 */
export function smartConfigurationRoutes(app: FastifyInstance): void {
  const text = JSON.stringify({
    grant_types_supported: [],
    scopes_supported: [],
    response_types_supported: [],
    code_challenge_methods_supported: [],
    capabilities: [],
  });
  for (const url of ['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration']) {
    app.get(url, async (_request, reply) => reply.header('content-type', 'application/json').send(text));
  }
}
