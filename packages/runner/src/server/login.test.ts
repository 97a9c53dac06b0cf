import { describe, expect, it } from 'vitest';
import { ask, postLogin } from './fixtures/ask.ts';
import { start } from './fixtures/started-server.ts';

describe('login', () => {
  it('exchanges the token of the link for a cookie that scripts and other sites do not get', async () => {
    const { server, port } = await start();
    expect(server.link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#t=[\\w-]{43}$`));
    const token = server.link.split('#t=')[1]!;
    const answer = await postLogin(port, JSON.stringify({ token }));
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual([`l2bn_${port}=${token}; HttpOnly; SameSite=Strict; Path=/`]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('makes a new token for every server', async () => {
    const [a, b] = [await start(), await start()];
    expect(a.server.link.split('#')[1]).not.toBe(b.server.link.split('#')[1]);
  });

  it('refuses a wrong token, without a cookie', async () => {
    const { port } = await start();
    const answer = await postLogin(port, '{"token":"wrong"}');
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', 400],
    ['nothing', '', 400],
    ['no token', '{}', 400],
    ['a token that is no text', '{"token":1}', 400],
    ['more than 1 KiB', JSON.stringify({ token: 'x'.repeat(1024) }), 413],
    ['far more than 1 KiB', JSON.stringify({ token: 'x'.repeat(1_000_000) }), 413],
  ])('answers %s as a client error', async (_, body, status) => {
    const { port } = await start();
    expect((await postLogin(port, body)).status).toBe(status);
    expect((await postLogin(port, body, { 'Transfer-Encoding': 'chunked' })).status).toBe(status);
  });

  it('takes no form, no GET and nothing from another origin', async () => {
    const { server, port } = await start();
    const body = JSON.stringify({ token: server.link.split('#t=')[1] });
    expect((await postLogin(port, body, { 'Content-Type': 'text/plain' })).status).toBe(415);
    expect((await postLogin(port, body, { Origin: 'http://evil.example' })).status).toBe(403);
    const get = await ask(port, { path: '/api/login' });
    expect([get.status, get.headers.allow]).toEqual([405, 'POST']);
  });
});
