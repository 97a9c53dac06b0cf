import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { type Snapshot, SweepReducer } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { ask } from './fixtures/ask.ts';
import { PageClient } from './fixtures/page-client.ts';
import { NEVER } from './fixtures/served-hub.ts';
import { start, startWithSession } from './fixtures/started-server.ts';
import { LIVE_PATH, type LiveServer } from './live-server.ts';

describe('api', () => {
  it('tells health and takes only GET', async () => {
    const { port, cookie, sweep } = await startWithSession();
    sweep.startTrial(0);
    const headers = { Cookie: cookie };
    const health = await ask(port, { path: '/api/health', headers });
    expect(JSON.parse(health.body.toString())).toEqual({
      ok: true,
      boot: expect.stringMatching(/^.{36}$/),
      seq: 2,
      control: false,
    });
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

describe('hello', () => {
  it('tells what the process takes and how to go on after it, where that is known', async () => {
    const facts = { maxWorkers: 3, resumeCommand: 'l2bn run sweeps/x' };
    for (const known of [facts, undefined]) {
      const { server, cookie } = await startWithSession(known === undefined ? {} : { facts: known });
      const client = new PageClient(server.url + LIVE_PATH.slice(1), { headers: { Cookie: cookie } });
      const { boot, ...hello } = await client.take('hello');
      expect(hello).toEqual({ t: 'hello', seq: 0, sweep: 'served sweep', version: '0.0.0', ...known });
    }
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
    expect(await client.take('bye')).toEqual({ t: 'bye', reason: null });
    expect(await client.closed).toBe(1001);
    await idleGone;
    expect(sweep.subscribers).toBe(0);
    await expect(ask(port, {})).rejects.toThrow('ECONNREFUSED');
    expect((await start({ port })).port).toBe(port);
  });

  it('tells pages why, after all that has happened', async () => {
    const { server, cookie, sweep } = await startWithSession({ limits: { tickMs: NEVER } });
    const url = server.url + LIVE_PATH.slice(1);
    const { page: client, boot, seq } = await PageClient.connect(url, { headers: { Cookie: cookie } });
    sweep.startTrial(0);
    client.resume(boot, seq);
    await client.eventsUntil(2, seq);
    sweep.train(0, 3);
    const closed = server.close('the ledger cannot be written: disk full');
    expect(await client.eventsUntil(5, 2)).toEqual(sweep.ledger.slice(2));
    expect(await client.take('bye')).toEqual({ t: 'bye', reason: 'the ledger cannot be written: disk full' });
    await closed;
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
