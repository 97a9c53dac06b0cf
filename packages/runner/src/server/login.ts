import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { readJsonBody } from './json-body.ts';
import { sendError } from './responses.ts';
import { sameToken, sessionCookie } from './session-token.ts';

/** Bytes of a login body; the token takes about 60 of them. */
const MAX_LOGIN_BYTES = 1024;

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
  const body = await readJsonBody(request, response, LoginSchema, { limit: MAX_LOGIN_BYTES, want: '{"token": "…"}' });
  if (body === undefined) return;
  if (!sameToken(body.token, options.token)) {
    await delay(options.wrongTokenDelayMs, undefined, { ref: false });
    return sendError(response, 401, 'wrong token; open the link printed in the terminal');
  }
  response.writeHead(204, { 'Set-Cookie': sessionCookie(options.port, options.token), 'Cache-Control': 'no-store' });
  response.end();
}
