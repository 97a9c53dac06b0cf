import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { sendError } from './responses.ts';
import { sameToken, sessionCookie } from './session-token.ts';

/** Bytes of a login body; the token takes about 60 of them. */
export const MAX_LOGIN_BYTES = 1024;

const LoginSchema = v.object({ token: v.string() });

export interface LoginOptions {
  token: string;
  port: number;
  /** Milliseconds before a wrong token is answered. */
  wrongTokenDelayMs: number;
}

/**
 * `POST /api/login`, body `{"token": "…"}`: exchanges the token of the printed link for the session cookie. Answers 204
 * with the cookie; 401 for a wrong token, 400/413/415 for a body that is none.
 */
export async function login(request: IncomingMessage, response: ServerResponse, options: LoginOptions): Promise<void> {
  // A form of another page can post text/plain without asking, but not JSON.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return sendError(response, 415, 'want Content-Type: application/json');
  }
  const body = await readBody(request, MAX_LOGIN_BYTES);
  if (body === null) return sendError(response, 413, `want at most ${MAX_LOGIN_BYTES} bytes`);
  const parsed = v.safeParse(LoginSchema, parseJson(body));
  if (!parsed.success) return sendError(response, 400, 'want {"token": "…"}');
  if (!sameToken(parsed.output.token, options.token)) {
    await delay(options.wrongTokenDelayMs, undefined, { ref: false });
    return sendError(response, 401, 'wrong token; open the link printed in the terminal');
  }
  response.writeHead(204, { 'Set-Cookie': sessionCookie(options.port, options.token), 'Cache-Control': 'no-store' });
  response.end();
}

/**
 * The whole body, or null as soon as it is longer than `limit`. What follows is not kept: Node discards it when the
 * response is done, until the request's time is up. Closing the connection instead would reset it, and the client would
 * often see the reset and not the answer.
 */
function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
