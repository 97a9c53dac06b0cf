import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { InputError, type Snapshot, SweepReducer } from '@l2bn/core/sweep';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, askUpgrade, logIn } from './fixtures/ask.ts';
import { PageClient } from './fixtures/page-client.ts';
import { makePageFolder, SCRIPT, SECRET } from './fixtures/page-folder.ts';
import { TestSweep } from './fixtures/test-sweep.ts';
import { DEFAULT_PORT } from './listen.ts';
import { LIVE_PATH, type LiveServer, type LiveServerOptions, startLiveServer } from './live-server.ts';

let page: ReturnType<typeof makePageFolder>;
const servers: LiveServer[] = [];
beforeAll(() => {
  page = makePageFolder();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => page.remove());

async function start(options: Partial<LiveServerOptions> = {}, sweep = new TestSweep()) {
  const { limits, ...rest } = options;
  const server = await startLiveServer({
    source: sweep,
    pageDirectory: page.directory,
    port: 0,
    version: '0.0.0',
    limits: { tickMs: 1, graceMs: 100, wrongTokenDelayMs: 1, ...limits },
    ...rest,
  });
  servers.push(server);
  return { server, sweep, port: server.port };
}

async function startWithSession(options?: Partial<LiveServerOptions>, sweep?: TestSweep) {
  const started = await start(options, sweep);
  return { ...started, cookie: await logIn(started.port, started.server.link) };
}

const postLogin = (port: number, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(port, {
    path: '/api/login',
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });

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
    for (const path of ['/api/snapshot', '/api/health', '/api/nothing', LIVE_PATH]) {
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

describe('page files', () => {
  it('serves the page and its hashed assets, compressed where asked for', async () => {
    const { port } = await start();
    const index = await ask(port, { path: '/?view=map' });
    expect(index.status).toBe(200);
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(index.headers['cache-control']).toBe('no-cache');
    const path = '/assets/index-B7hKq3Xz.js';
    const script = await ask(port, { path });
    expect(script.body.toString()).toBe(SCRIPT);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    const zipped = await ask(port, { path, headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).toString()).toBe(SCRIPT);
    expect([script, zipped].map(({ headers }) => headers.vary)).toEqual(['Accept-Encoding', 'Accept-Encoding']);
  });

  it('answers 304 to who has it, and only then', async () => {
    const { port } = await start();
    const { headers } = await ask(port, { path: '/' });
    const again = (etag: string) => ask(port, { path: '/', headers: { 'If-None-Match': etag } });
    const same = await again(`"other", W/${headers.etag}`);
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, headers.etag]);
    expect((await again('"other"')).status).toBe(200);
  });

  it('answers HEAD like GET without the body, and nothing else', async () => {
    const { port } = await start();
    const [get, head] = [await ask(port, {}), await ask(port, { method: 'HEAD' })];
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await ask(port, { method });
      expect([answer.status, answer.headers.allow], method).toEqual([405, 'GET, HEAD']);
    }
  });

  it.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..\\secret.html',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.html',
    '//secret.html',
    '/notes.txt',
    '/assets',
    '/assets/',
    '/constructor',
    '/__proto__',
    '/%',
    '/%00',
    'http://127.0.0.1/secret.html',
  ])('finds nothing at %s', async (path) => {
    const { port } = await start();
    const answer = await ask(port, { path });
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain(SECRET);
  });

  it('refuses a folder without a page before it listens', async () => {
    await expect(start({ pageDirectory: '/nonexistent/page' })).rejects.toThrow(InputError);
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

describe('api', () => {
  it('tells health and takes only GET', async () => {
    const { port, cookie, sweep } = await startWithSession();
    sweep.startTrial(0);
    const headers = { Cookie: cookie };
    const health = await ask(port, { path: '/api/health', headers });
    expect(JSON.parse(health.body.toString())).toEqual({ ok: true, boot: expect.stringMatching(/^.{36}$/), seq: 2 });
    expect(health.headers['cache-control']).toBe('no-store');
    expect((await ask(port, { path: '/api/health', method: 'POST', headers })).status).toBe(405);
    expect((await ask(port, { path: '/api/nothing', headers })).status).toBe(404);
  });

  it('gives the same snapshot plain and compressed', async () => {
    const { port, cookie, sweep } = await startWithSession();
    sweep.startTrial(0);
    sweep.train(0, 50);
    const [plain, zipped] = await Promise.all([
      ask(port, { path: '/api/snapshot', headers: { Cookie: cookie } }),
      ask(port, { path: '/api/snapshot', headers: { Cookie: cookie, 'Accept-Encoding': 'gzip' } }),
    ]);
    const snapshot = JSON.parse(plain.body.toString()) as Snapshot;
    expect(snapshot.state).toEqual(sweep.state);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['cache-control']).toBe('no-store');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(zipped.body).toString())).toEqual(snapshot);
  });

  it('answers 500 with the reason when the state cannot be written as JSON', async () => {
    const { port, cookie, sweep } = await startWithSession();
    Object.assign(sweep.state, { detail: 1n });
    const answer = await ask(port, { path: '/api/snapshot', headers: { Cookie: cookie } });
    expect([answer.status, answer.headers['cache-control']]).toEqual([500, 'no-store']);
    expect(answer.body.toString()).toContain('BigInt');
  });
});

describe('snapshot and what follows', () => {
  /** What a page does: greet, resume with nothing, fetch the snapshot while events arrive, apply them. */
  async function openPage({ server, port, cookie }: { server: LiveServer; port: number; cookie: string }) {
    const url = server.url + LIVE_PATH.slice(1);
    const { page: client } = await PageClient.connect(url, {
      headers: { Cookie: cookie, Origin: server.url.slice(0, -1) },
    });
    client.resume(null, 0);
    const notice = await client.take('snapshot');
    return {
      client,
      notice,
      fetchState: async () => {
        const answer = await ask(port, { path: '/api/snapshot', headers: { Cookie: cookie } });
        const { boot, state } = JSON.parse(answer.body.toString()) as Snapshot;
        expect(boot).toBe(notice.boot);
        return new SweepReducer(state);
      },
    };
  }

  it('make the state of the source, wherever the snapshot falls among the events', async () => {
    const started = await startWithSession();
    const { sweep } = started;
    sweep.startTrial(0);
    sweep.train(0, 20);
    const { client, notice, fetchState } = await openPage(started);
    sweep.train(0, 20);
    const reducer = await fetchState();
    sweep.startTrial(1);
    sweep.train(1, 20);
    for (const event of await client.eventsUntil(sweep.state.seq, notice.seq)) reducer.apply(event);
    expect(reducer.state).toEqual(sweep.state);
    expect(reducer.state.seq).toBe(64);
  });

  it('are the same for every page', async () => {
    const started = await startWithSession();
    const { sweep } = started;
    sweep.startTrial(0);
    const pages = [await openPage(started), await openPage(started)];
    sweep.train(0, 500);
    for (const { client, notice, fetchState } of pages) {
      const reducer = await fetchState();
      for (const event of await client.eventsUntil(502, notice.seq)) reducer.apply(event);
      expect(reducer.state).toEqual(sweep.state);
    }
  });
});

describe('host and port', () => {
  it('takes the usual port, or any free one when that is taken', async () => {
    const startAnywhere = async () => {
      const server = await startLiveServer({
        source: new TestSweep(),
        pageDirectory: page.directory,
        version: '0.0.0',
      });
      servers.push(server);
      return server;
    };
    const first = await startAnywhere();
    const second = await startAnywhere();
    expect(second.port).not.toBe(first.port);
    expect(second.port).not.toBe(DEFAULT_PORT);
    expect((await ask(second.port, {})).status).toBe(200);
  });

  it('refuses a port that was asked for and is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(`port: got ${port}, which is in use`);
    other.close();
  });

  it.each([-1, 1.5, 65_536, Number.NaN])('refuses port %s', async (port) => {
    await expect(start({ port })).rejects.toThrow(InputError);
  });

  it('refuses an address that is not of this machine', async () => {
    await expect(start({ host: '192.0.2.1', allowHosts: ['lab'] })).rejects.toThrow('host: got "192.0.2.1"');
  });

  it('lets others in only by names that the user gives, and says so', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow('which others can reach');
    const { server, port } = await start({ host: '0.0.0.0', allowHosts: ['lab-7.example.org'] });
    expect(server.url).toBe(`http://lab-7.example.org:${port}/`);
    expect(server.warnings.join()).toContain(`ssh -L ${port}:127.0.0.1:${port}`);
    const answer = (host: string) => ask(port, { headers: { Host: `${host}:${port}` } });
    expect((await answer('lab-7.example.org')).status).toBe(200);
    expect((await answer('other.example.org')).status).toBe(421);
    expect((await start()).server.warnings).toEqual([]);
  });

  it.each(['short', 'has spaces in the middle', 'has;semicolons;in;it'])('refuses the token %j', async (token) => {
    await expect(start({ token })).rejects.toThrow(InputError);
  });
});

describe('close', () => {
  it('says goodbye to pages, frees the port and may be asked twice', async () => {
    const { server, port, cookie, sweep } = await startWithSession();
    const { page: client } = await PageClient.connect(server.url + LIVE_PATH.slice(1), { headers: { Cookie: cookie } });
    // A keep-alive connection with nothing on it must not hold the server open.
    const idle = connect(port, '127.0.0.1');
    idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(idle, 'data');
    const idleGone = once(idle, 'close');
    await Promise.all([server.close(), server.close()]);
    expect(await client.closed).toBe(1001);
    await idleGone;
    expect(sweep.subscribers).toBe(0);
    await expect(ask(port, {})).rejects.toThrow('ECONNREFUSED');
    expect((await start({ port })).port).toBe(port);
  });

  it('cuts a request that is not finished in time', async () => {
    const { server, port } = await start({ limits: { graceMs: 5 } });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    // `100 Continue` is the sign that the server waits for the body.
    const head = [
      'POST /api/login HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Content-Length: 99',
    ];
    socket.write(`${[...head, 'Expect: 100-continue'].join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    const gone = once(socket, 'close');
    await server.close();
    await gone;
  });
});
