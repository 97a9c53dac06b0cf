import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Answers with JSON that no cache keeps. */
export function sendJson(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  const data = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...jsonHeaders(data), ...headers });
  response.end(data);
}

/** Answers with an error as `{"error": reason}`. */
export function sendError(response: ServerResponse, status: number, reason: string, headers: object = {}): void {
  sendJson(response, status, { error: reason }, headers);
}

/** The same on a socket that has no `ServerResponse`: a refused upgrade, a request that could not be parsed. */
export function refuseSocket(socket: Duplex, status: number, reason: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const data = Buffer.from(JSON.stringify({ error: reason }));
  const lines = Object.entries({ ...SECURITY_HEADERS, ...jsonHeaders(data), Connection: 'close' });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), data]));
}

const jsonHeaders = (data: Buffer) => ({
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': data.length,
  'Cache-Control': 'no-store',
});
