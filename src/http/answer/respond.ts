import type { Resource } from '@medplum/fhirtypes';
import type { FastifyReply } from 'fastify';
import { parseJsonText } from '../../fhir/json.ts';
import { toXml } from '../../fhir/xml.ts';
import { CONTENT_TYPE, type Format } from '../formats/formats.ts';
import type { FhirResponse } from '../request/exchange.ts';

export interface Presentation {
  readonly format: Format;
  readonly pretty: boolean;
}

/** Sends a response in the format asked for; JSON text goes through as it is. */
export function respond(reply: FastifyReply, response: FhirResponse, shown: Presentation): FastifyReply {
  reply.code(response.status);
  for (const [name, value] of Object.entries(response.headers ?? {})) reply.header(name, value);
  if (response.lines !== undefined && shown.format === 'ndjson') {
    return reply
      .header('content-type', CONTENT_TYPE.ndjson)
      .send(response.lines.map((line) => `${line}\n`).join(''));
  }
  if (response.raw !== undefined) {
    return reply.header('content-type', response.raw.contentType).send(response.raw.text);
  }
  if (response.content === undefined) return reply.send();
  return reply.header('content-type', CONTENT_TYPE[shown.format]).send(present(response.content, shown));
}

/** Renders JSON text of a resource. */
function present(content: string, { format, pretty }: Presentation): string {
  if (format === 'ndjson') return `${content}\n`;
  if (format === 'xml') return toXml(parseJsonText(content) as Resource);
  return pretty ? `${JSON.stringify(parseJsonText(content), null, 2)}\n` : content;
}
