import { once } from 'node:events';
import { createConnection } from 'node:net';
import { addressed, type TargetAnswer, type TargetRequest } from '../../../src/cli/load/target.ts';

/** A request as it goes over the wire, made before the clock starts. */
export type WireRequest = Buffer;

/** Sends one request after another over its own connection, which stays open. */
export interface Lane {
  send(request: WireRequest): Promise<TargetAnswer>;
  close(): void;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** @param origin of the server it is for: `http://127.0.0.1:…` */
export function wireRequest(origin: string, request: TargetRequest): WireRequest {
  const { method, body = '' } = request;
  const { url, headers } = addressed(request);
  const head = [
    `${method} ${url} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * A client that does as little as it can, since it shares the processors with what is measured: node:http takes a
 * tenth of a message's time for itself. It knows answers with a Content-Length, as all of ours to what it sends are.
 */
export async function openLane(origin: string): Promise<Lane> {
  const { hostname, port } = new URL(origin);
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let received = Buffer.alloc(0);
  let asked: PromiseWithResolvers<TargetAnswer> | undefined;
  socket.on('data', (part) => {
    received = received.length === 0 ? part : Buffer.concat([received, part]);
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    asked?.resolve(answer);
  });
  socket.on('close', () => asked?.reject(new Error('The server closed the connection')));
  return {
    send: (request) => {
      asked = Promise.withResolvers();
      socket.write(request);
      return asked.promise;
    },
    close: () => {
      socket.destroy();
    },
  };
}

/** Undefined while it is not all there. */
function readAnswer(bytes: Buffer): TargetAnswer | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(length)) throw new Error(`An answer without Content-Length: ${head}`);
  const body = bytes.subarray(end + END_OF_HEAD.length);
  return body.length === length ? { status: Number(head.slice(9, 12)), body: body.toString() } : undefined;
}
