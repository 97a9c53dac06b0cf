const LOGIN_PATH = 'api/login';

/** The token of a printed link `http://127.0.0.1:PORT/#t=TOKEN`, if the fragment holds one. */
export function tokenOf(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('t');
  return token === null || token === '' ? null : token;
}

/**
 * Exchanges the token for a cookie. A refused token is no error here: the connection finds out that it is not
 * authorised and says so.
 */
export async function login(base: string, token: string, send: typeof fetch = fetch): Promise<boolean> {
  try {
    const response = await send(new URL(LOGIN_PATH, base), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    return response.ok;
  } catch {
    return false;
  }
}
