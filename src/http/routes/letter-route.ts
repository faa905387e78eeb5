import type { FastifyInstance } from 'fastify';
import { receiveLetter } from '../../medcom/receive-letter.ts';
import type { Relevance } from '../../medcom/relevance.ts';
import type { Store } from '../../store/store.ts';

/**
 * POST /medcom: MedCom OIOXML letters, as bytes (their XML declaration names the encoding). Answers a receipt, or
 * an OperationOutcome to who asks for JSON.
 */
export function letterRoute(app: FastifyInstance, receiving: { store: Store; relevance: Relevance }): void {
  const { store, relevance } = receiving;
  app.post('/medcom', async (request, reply) => {
    const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const accept = /\bjson\b/.test(request.headers.accept ?? '') ? 'json' : 'xml';
    const answer = await receiveLetter(store, bytes, { accept, relevance });
    return reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
  });
}
