import { CLOSE_LAGGED } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { articleSweep } from '../fixtures/sweeps.ts';
import { TestServer } from '../fixtures/test-server.ts';
import { SweepStore } from '../store/sweep-store.ts';
import { Connection } from './connection.ts';
import type { ConnectionOptions, Socket } from './connection-options.ts';
import type { ConnectionKind } from './connection-state.ts';
import { login } from './login.ts';

const sweep = articleSweep();
let server: TestServer;
let base: string;
let store: SweepStore;
let connection: Connection;
let kinds: ConnectionKind[];

function connect(options: Partial<ConnectionOptions> = {}): void {
  connection = new Connection(store, {
    base,
    openSocket: (url, protocol) => new WebSocket(url, protocol) as unknown as Socket,
    firstRetry: 1,
    maxRetry: 5,
    ...options,
  });
  kinds = [];
  connection.addEventListener('state', () => kinds.push(connection.state.kind));
  connection.start();
}

beforeEach(async () => {
  server = new TestServer(sweep);
  base = await server.listen();
  store = new SweepStore((callback) => queueMicrotask(callback));
});

afterEach(async () => {
  connection?.stop();
  await server.close();
});

/** Waits for what events bring; the bound is for a busy machine. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 3 });
const live = () => eventually(() => expect(connection.state.kind).toBe('live'));
const caughtUp = () => eventually(() => expect(store.seq).toBe(server.seq));

describe('Connection', { timeout: 60_000 }, () => {
  it('starts with a snapshot and goes on with the events after it', async () => {
    server.play(40);
    connect();
    await live();
    expect(server.resumes).toEqual([{ t: 'resume', boot: null, seq: 0 }]);
    expect(store.state).toEqual(JSON.parse(JSON.stringify(server.state)));
    server.play(30);
    await caughtUp();
    expect(store.state).toEqual(JSON.parse(JSON.stringify(server.state)));
    expect(server.snapshots).toBe(1);
    expect(kinds).toEqual(['loading', 'live']);
    expect(connection.hello).toMatchObject({
      version: '9.9.9',
      maxWorkers: 4,
      resumeCommand: 'l2bn run sweeps/article',
    });
  });

  it('applies what came while the snapshot was on its way, once', async () => {
    let open = () => {};
    server.snapshotGate = new Promise((resolve) => {
      open = resolve;
    });
    server.play(10);
    connect();
    await eventually(() => expect(server.snapshots).toBe(1));
    server.play(5);
    server.play(5);
    expect(store.state).toBeNull();
    open();
    await live();
    await caughtUp();
    expect(store.state).toEqual(JSON.parse(JSON.stringify(server.state)));
    expect(server.resumes).toHaveLength(1);
  });

  it('resumes after a dropped connection from the last event it has, without a second snapshot', async () => {
    connect();
    await live();
    server.play(20);
    await caughtUp();
    server.losing = true;
    server.play(25);
    server.losing = false;
    server.drop();
    await caughtUp();
    expect(kinds).toContain('reconnecting');
    expect(server.resumes.at(-1)).toEqual({ t: 'resume', boot: 'boot-1', seq: 20 });
    expect(server.snapshots).toBe(1);
    await live();
    expect(connection.state).toEqual({ kind: 'live', caughtUp: 25 });
  });

  it('comes back at once when the server says that it lagged', async () => {
    connect({ firstRetry: 60_000, maxRetry: 60_000 });
    await live();
    server.drop(CLOSE_LAGGED);
    await eventually(() => expect(server.resumes).toHaveLength(2));
    await live();
  });

  it('asks again for what a lost frame held, and once only', async () => {
    connect();
    await live();
    server.play(10);
    await caughtUp();
    server.losing = true;
    server.play(7);
    server.losing = false;
    server.play(2);
    server.play(2);
    await caughtUp();
    expect(server.resumes.slice(1)).toEqual([{ t: 'resume', boot: 'boot-1', seq: 10 }]);
    expect(store.state).toEqual(JSON.parse(JSON.stringify(server.state)));
  });

  it('finds a lost last frame by the second heartbeat that counts it', async () => {
    connect();
    await live();
    server.losing = true;
    server.play(3);
    server.losing = false;
    server.broadcast({ t: 'hb', seq: server.seq, at: 0 });
    server.broadcast({ t: 'hb', seq: server.seq, at: 0 });
    await caughtUp();
    expect(server.resumes).toHaveLength(2);
  });

  it('fetches everything anew from another server process', async () => {
    server.play(50);
    connect();
    await live();
    server.restart('boot-2', 12);
    await eventually(() => expect(store.seq).toBe(12));
    expect(server.snapshots).toBe(2);
    await live();
    server.play(8);
    await caughtUp();
    expect(store.state).toEqual(JSON.parse(JSON.stringify(server.state)));
  });

  it('ignores frames that it does not know', async () => {
    connect();
    await live();
    server.broadcast({ t: 'fireworks' });
    server.play(4);
    await caughtUp();
    expect(connection.state.kind).toBe('live');
  });

  it('says that it is not authorised, and tries again only when told', async () => {
    server.status = 401;
    server.refuseSockets = true;
    connect();
    await eventually(() => expect(connection.state.kind).toBe('unauthorised'));
    server.status = 200;
    server.refuseSockets = false;
    connection.retryNow();
    await live();
  });

  it('says so when a server answers but refuses the protocol, and recovers', async () => {
    server.refuseSockets = true;
    connect();
    await eventually(() => expect(connection.state.kind).toBe('mismatch'));
    server.refuseSockets = false;
    await live();
  });

  it('goes stale in silence, keeps the data, and is live again with the next word', async () => {
    connect({ staleAfter: 20, giveUpAfter: 60_000 });
    server.play(5);
    await eventually(() => expect(connection.state.kind).toBe('stale'));
    expect(store.seq).toBe(5);
    kinds.length = 0;
    server.broadcast({ t: 'hb', seq: 5, at: 0 });
    await eventually(() => expect(kinds[0]).toBe('live'));
  });

  it('gives a silent socket up and opens another', async () => {
    connect({ staleAfter: 5, giveUpAfter: 10 });
    await eventually(() => expect(server.resumes.length).toBeGreaterThan(1));
    expect(kinds).toContain('reconnecting');
  });

  it('takes a server that has said goodbye for gone at once, until one greets again', async () => {
    connect();
    await live();
    kinds.length = 0;
    server.broadcast({ t: 'bye', reason: 'the disk is full' });
    server.drop();
    await eventually(() => expect(kinds.at(-1)).toBe('live'));
    expect(kinds[0]).toBe('gone');
    expect(kinds).not.toContain('reconnecting');
    kinds.length = 0;
    server.drop();
    await eventually(() => expect(kinds.at(-1)).toBe('live'));
    expect(kinds[0]).toBe('reconnecting');
  });

  it('counts a server that stays away as gone, and goes on trying', async () => {
    connect({ goneAfter: 15 });
    await live();
    await server.close();
    await eventually(() => expect(connection.state.kind).toBe('gone'));
    const tries = kinds.length;
    await eventually(() => expect(kinds.length).toBeGreaterThan(tries + 1));
  });
});

describe('login', () => {
  it('posts the token as JSON', async () => {
    expect(await login(base, 'secret')).toBe(true);
    expect(server.logins).toEqual([{ token: 'secret' }]);
  });
});
