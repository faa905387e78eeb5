import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';

const STATUS: Readonly<Record<string, readonly [status: number, text: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request was not complete in time.'],
};

/** What is no HTTP never reaches a route; it gets an OperationOutcome all the same, and the connection is closed. */
export function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, text] = STATUS[error.code ?? ''] ?? [400, 'This is not an HTTP request.'];
  const body = JSON.stringify(new FhirError(status, [errorIssue('structure', text)]).outcome);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
        `Content-Type: application/fhir+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}
