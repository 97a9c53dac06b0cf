import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Shorter tokens could be guessed; only a caller's own token can be too short. */
export const MIN_TOKEN_LENGTH = 16;

/** 256 random bits as base64url: 43 characters that stand in a link unescaped. */
export const createToken = (): string => randomBytes(32).toString('base64url');

/** Compares in time that depends on the lengths alone. */
export function sameToken(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Cookies are not kept apart by port, so two sweeps on one machine need two names. */
export const cookieName = (port: number): string => `l2bn_${port}`;

/** `Set-Cookie` value of a successful login; the cookie goes when the browser session ends. */
export const sessionCookie = (port: number, token: string): string =>
  `${cookieName(port)}=${token}; HttpOnly; SameSite=Strict; Path=/`;

/**
 * Whether a `Cookie` header carries the token. Any cookie of the name may match: a page on another port of this host can
 * plant a second one of the same name, which must not lock the user out.
 */
export function hasSession(cookies: string | undefined, name: string, token: string): boolean {
  let found = false;
  for (const pair of (cookies ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name && sameToken(pair.slice(at + 1).trim(), token)) found = true;
  }
  return found;
}
