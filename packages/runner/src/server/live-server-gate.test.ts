import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, askUpgrade, postLogin } from './fixtures/ask.ts';
import { PageClient } from './fixtures/page-client.ts';
import { start, startWithSession } from './fixtures/started-server.ts';
import { LIVE_PATH } from './live-server.ts';

describe('the gate', () => {
  const v1 = { 'Sec-WebSocket-Protocol': 'l2bn.v1' };

  it('lets a WebSocket through with token, own Origin and protocol, and tells why not otherwise', async () => {
    const { port, cookie } = await startWithSession();
    const origin = `http://127.0.0.1:${port}`;
    const upgrade = async (headers: Record<string, string>) => (await askUpgrade(port, LIVE_PATH, headers)).status;
    expect(await upgrade({ ...v1 })).toBe(401);
    expect(await upgrade({ ...v1, Cookie: `l2bn_${port}=wrong` })).toBe(401);
    expect(await upgrade({ ...v1, Cookie: cookie, Origin: 'http://evil.example' })).toBe(403);
    expect(await upgrade({ ...v1, Cookie: cookie, Origin: 'http://127.0.0.1:1' })).toBe(403);
    const rebound = { Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` };
    expect(await upgrade({ ...v1, Cookie: cookie, ...rebound })).toBe(421);
    expect(await upgrade({ Cookie: cookie, Origin: origin })).toBe(426);
    expect(await upgrade({ Cookie: cookie, Origin: origin, 'Sec-WebSocket-Protocol': 'l2bn.v2' })).toBe(426);
    expect(await upgrade({ ...v1, Cookie: cookie, Origin: origin })).toBe(101);
    expect(await upgrade({ ...v1, Cookie: cookie })).toBe(101);
  });

  it('offers no other WebSocket', async () => {
    const { port, cookie } = await startWithSession();
    expect((await askUpgrade(port, '/', { ...v1, Cookie: cookie })).status).toBe(404);
    expect((await askUpgrade(port, '/', { ...v1, Cookie: cookie, Host: 'evil.example' })).status).toBe(421);
  });

  it('keeps everything below /api/ from who has no token, whether it is there or not', async () => {
    const { port } = await start();
    for (const path of ['/api/snapshot', '/api/courses?trials=0', '/api/health', '/api/nothing', LIVE_PATH]) {
      expect((await ask(port, { path })).status, path).toBe(401);
    }
  });

  it('answers plain requests by the same rules', async () => {
    const { port, cookie } = await startWithSession();
    const health = async (headers: Record<string, string>) =>
      (await ask(port, { path: '/api/health', headers: { Cookie: cookie, ...headers } })).status;
    expect(await health({})).toBe(200);
    expect(await health({ Origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await health({ Origin: 'http://evil.example' })).toBe(403);
    expect(await health({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
    expect(await health({ Host: 'evil.example', Origin: 'http://evil.example' })).toBe(421);
  });

  it('shows the page without a token, but not to a rebound name', async () => {
    const { port } = await start();
    expect((await ask(port, { path: '/' })).status).toBe(200);
    expect((await ask(port, { path: '/', headers: { Host: `evil.example:${port}` } })).status).toBe(421);
    expect((await ask(port, { path: '/', headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  });

  it('answers to a name that the user allows', async () => {
    const { port } = await start({ allowHosts: ['lab-7.example.org'] });
    expect((await ask(port, { path: '/', headers: { Host: `LAB-7.example.org:${port}` } })).status).toBe(200);
  });

  it('takes the session of its own port alone', async () => {
    const first = await startWithSession({ token: 'the-same-token-twice' });
    const second = await start({ token: 'the-same-token-twice' });
    const answer = await ask(second.port, { path: '/api/health', headers: { Cookie: first.cookie } });
    expect(answer.status).toBe(401);
  });

  it('closes with 1009 on a message above 64 KiB', async () => {
    const { server, cookie } = await startWithSession();
    const { page: client } = await PageClient.connect(server.url + LIVE_PATH.slice(1), { headers: { Cookie: cookie } });
    client.socket.send('x'.repeat(70_000));
    expect(await client.closed).toBe(1009);
  });
});

describe('headers', () => {
  it('are on every kind of answer, and none of them is for other origins', async () => {
    const { server, port, cookie } = await startWithSession();
    const token = server.link.split('#t=')[1];
    const answers = await Promise.all([
      ask(port, { path: '/' }),
      ask(port, { path: '/nothing' }),
      ask(port, { path: '/', headers: { Host: 'evil.example' } }),
      ask(port, { path: '/api/snapshot' }),
      ask(port, { path: '/api/snapshot', headers: { Cookie: cookie, Origin: `http://127.0.0.1:${port}` } }),
      postLogin(port, JSON.stringify({ token })),
      ask(port, { path: '/', method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'GET' } }),
      ask(port, { path: '/', headers: { Long: 'x'.repeat(20_000) } }),
      askUpgrade(port, LIVE_PATH, {}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 421, 401, 200, 204, 405, 431, 401]);
    for (const { status, headers } of answers) {
      expect(headers, String(status)).toMatchObject({
        'content-security-policy':
          "default-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('answers 400 to what is no HTTP', async () => {
    const { port } = await start();
    const socket = connect(port, '127.0.0.1');
    socket.end('hello\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain("default-src 'self'");
  });
});
