import { once } from 'node:events';
import { CLOSE_LAGGED, HEARTBEAT_MS, initialState, SweepReducer } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { PageClient } from './fixtures/page-client.ts';
import { ServedHub } from './fixtures/served-hub.ts';
import { TestSweep, TestSweepWithLedger, testPlan } from './fixtures/test-sweep.ts';
import { DEFAULT_LIMITS, type LiveLimits } from './live-limits.ts';

const opened: ServedHub[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((served) => served.close()));
});

async function serve<S extends TestSweep>(sweep: S, limits: Partial<LiveLimits> = {}) {
  const served = await ServedHub.start(sweep, limits);
  opened.push(served);
  return served;
}

/** Connects a page that has everything so far. */
async function follow(served: ServedHub) {
  const { page, boot, seq } = await PageClient.connect(served.url);
  page.resume(boot, seq);
  return { page, boot, seq };
}

const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Longer than any test: what must not happen by itself. */
const NEVER = 600_000;

describe('greeting and resume', () => {
  it('greets with its boot, the last seq, the sweep and the version', async () => {
    const sweep = new TestSweep();
    sweep.fill(1);
    const served = await serve(sweep);
    const page = new PageClient(served.url);
    expect(await page.take('hello')).toEqual({
      t: 'hello',
      boot: served.hub.boot,
      seq: 1,
      sweep: 'served sweep',
      version: '0.0.0',
    });
  });

  it('replays exactly what a page has missed, then goes on live', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep);
    sweep.startTrial(0);
    sweep.train(0, 8);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 4);
    expect(await page.eventsUntil(10, 4)).toEqual(sweep.ledger.slice(4));
    sweep.train(0, 3);
    expect(await page.eventsUntil(13, 10)).toEqual(sweep.ledger.slice(10));
  });

  it('replays again to a page that asks again', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep);
    sweep.startTrial(0);
    sweep.train(0, 8);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 4);
    await page.eventsUntil(10, 4);
    page.resume(boot, 7);
    expect((await page.eventsUntil(10, 7)).map(({ seq }) => seq)).toEqual([8, 9, 10]);
  });

  it('replays what still waits for the tick, once', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { tickMs: NEVER });
    const first = await follow(served);
    first.page.resume(first.boot, 0);
    const { page, boot } = await PageClient.connect(served.url);
    sweep.startTrial(0);
    sweep.train(0, 3);
    page.resume(boot, 3);
    expect((await page.eventsUntil(5, 3)).map(({ seq }) => seq)).toEqual([4, 5]);
    expect((await first.page.eventsUntil(5, 0)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ['another boot', 'another-boot', 2],
    ['no boot', null, 0],
    ['a seq that has not been', undefined, 99],
  ])('has a page with %s take a snapshot', async (_, boot, seq) => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep);
    const { page } = await PageClient.connect(served.url);
    page.resume(boot === undefined ? served.hub.boot : boot, seq);
    expect(await page.take('snapshot')).toEqual({ t: 'snapshot', boot: served.hub.boot, seq: 2 });
    sweep.train(0, 2);
    expect(await page.eventsUntil(4, 2)).toEqual(sweep.ledger.slice(2));
  });

  it('has a page that is too old for the ring take a snapshot', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ringBytes: 2_000 });
    sweep.startTrial(0);
    sweep.train(0, 100);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 50);
    expect(await page.take('snapshot')).toMatchObject({ seq: 102 });
  });

  it('catches a page up from the ledger, then from the ring, without gap', async () => {
    const sweep = new TestSweepWithLedger();
    const served = await serve(sweep, { ringBytes: 20_000, frameBytes: 4_000 });
    sweep.startTrial(0);
    sweep.train(0, 2_000);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 3);
    expect(await page.eventsUntil(2_002, 3)).toEqual(sweep.ledger.slice(3));
    expect(sweep.reads).toBeGreaterThan(1);
  });

  it('takes a snapshot for less than a long replay', async () => {
    const sweep = new TestSweepWithLedger();
    const served = await serve(sweep, { ringBytes: 2_000, replayEvents: 50 });
    sweep.startTrial(0);
    sweep.train(0, 100);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 51);
    await page.take('snapshot');
    page.resume(boot, 52);
    await page.eventsUntil(102, 52);
    expect(sweep.reads).toBeGreaterThan(0);
  });

  it.each([
    ['has lost events', () => null],
    ['holds a gap', (sweep: TestSweep, seq: number) => sweep.ledger.slice(seq).filter((event) => event.seq !== 10)],
    ['ends early', () => []],
    [
      'cannot be read',
      () => {
        throw new Error('disk I/O error');
      },
    ],
  ])('falls back to a snapshot when the ledger %s', async (_, eventsAfter) => {
    const sweep = new TestSweepWithLedger();
    sweep.eventsAfter = (seq) => eventsAfter(sweep, seq);
    const served = await serve(sweep, { ringBytes: 2_000 });
    sweep.startTrial(0);
    sweep.train(0, 100);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 5);
    expect(await page.take('snapshot')).toMatchObject({ seq: 102 });
  });

  it.each([
    ['text', 'hello'],
    ['another type', '{"t":"command"}'],
    ['a negative seq', '{"t":"resume","boot":null,"seq":-1}'],
    ['a fraction', '{"t":"resume","boot":null,"seq":1.5}'],
    ['an endless boot', `{"t":"resume","boot":"${'b'.repeat(65)}","seq":1}`],
    ['bytes', Buffer.from('{"t":"resume","boot":null,"seq":1}')],
  ])('closes with 1008 on %s', async (_, message) => {
    const served = await serve(new TestSweep());
    const { page } = await PageClient.connect(served.url);
    page.socket.send(message);
    expect(await page.closed).toBe(1008);
  });

  it('closes with 1008 when nothing is said in time', async () => {
    const served = await serve(new TestSweep(), { resumeMs: 1 });
    expect(await new PageClient(served.url).closed).toBe(1008);
  });

  it('closes with 1013 beyond the bound on pages, and takes the next one when one has left', async () => {
    const served = await serve(new TestSweep(), { clients: 2 });
    const { page } = await PageClient.connect(served.url);
    await PageClient.connect(served.url);
    expect(await new PageClient(served.url).closed).toBe(1013);
    const left = once(served.sockets[0]!, 'close');
    page.socket.close();
    await left;
    await PageClient.connect(served.url);
    expect(served.hub.size).toBe(2);
  });
});

describe('live frames', () => {
  it('packs the events of one tick into few frames, shared by all pages', async () => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep);
    const pages = [await follow(served), await follow(served)];
    // One event through to both makes sure that both have resumed.
    sweep.train(0, 1);
    await Promise.all(pages.map(({ page, seq }) => page.eventsUntil(3, seq)));
    for (const { page } of pages) page.batches = 0;
    sweep.train(0, 1000);
    for (const { page } of pages) {
      expect(await page.eventsUntil(1003, 3)).toEqual(sweep.ledger.slice(3));
      expect(page.batches).toBe(1);
    }
  });

  it('cuts a large burst into frames at the bound', async () => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep, { frameBytes: 10_000 });
    const { page, seq } = await follow(served);
    const sizes: number[] = [];
    page.socket.on('message', (data: Buffer) => sizes.push(data.length));
    sweep.train(0, 1000);
    await page.eventsUntil(1002, seq);
    expect(page.batches).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10_000);
  });

  it('sends nothing to a page that has not said what it has', async () => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep);
    const { page: silent } = await PageClient.connect(served.url);
    const { page, seq } = await follow(served);
    sweep.train(0, 5);
    await page.eventsUntil(7, seq);
    silent.resume(served.hub.boot, 7);
    sweep.train(0, 1);
    expect((await silent.eventsUntil(8, 7)).map((event) => event.seq)).toEqual([8]);
  });

  it('has pages take a snapshot when the source leaves a gap, rather than sending over it', async () => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep);
    const { page, seq } = await follow(served);
    sweep.train(0, 1);
    await page.eventsUntil(3, seq);
    sweep.publish({ seq: 9, at: 0, event: { type: 'phase', phase: 'running' } });
    expect(await page.take('snapshot')).toMatchObject({ seq: 9 });
    sweep.train(0, 1);
    expect((await page.eventsUntil(10, 9)).map((event) => event.seq)).toEqual([10]);
  });

  it('has pages take a snapshot when one burst outgrows the ring', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ringBytes: 1_000, frameBytes: 100_000 });
    const { page, boot, seq } = await follow(served);
    sweep.fill(1);
    await page.eventsUntil(1, seq);
    for (let i = 0; i < 10; i++) sweep.fill(500);
    expect(await page.take('snapshot')).toMatchObject({ boot, seq: 11 });
  });

  it('stays whole over any order of events, disconnections and resumes', async () => {
    const sweep = new TestSweepWithLedger(testPlan());
    const served = await serve(sweep, { ringBytes: 6_000, frameBytes: 2_000, clientBytes: 3_000 });
    const mirror = new SweepReducer(initialState(testPlan()));
    // The same order in every run; the constants are those of Numerical Recipes.
    let random = 1;
    const upTo = (n: number) => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return random % n;
    };
    sweep.startTrial(0);
    sweep.startTrial(1);
    for (let round = 0; round < 40; round++) {
      sweep.train(upTo(2), upTo(60));
      const { page, boot } = await PageClient.connect(served.url);
      sweep.train(upTo(2), upTo(10));
      page.resume(boot, mirror.state.seq);
      sweep.train(upTo(2), upTo(60));
      for (const event of await page.eventsUntil(sweep.state.seq, mirror.state.seq)) mirror.apply(event);
      if (upTo(2) === 0) page.socket.terminate();
      else page.socket.close();
    }
    expect(mirror.state).toEqual(sweep.state);
  });
});

describe('signs of life', () => {
  // Only the intervals stand still, so that the test says when one has passed; sockets and other timers are real.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells a quiet page the last seq that it has been sent', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { tickMs: NEVER });
    sweep.startTrial(0);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 0);
    await page.eventsUntil(2, 0);
    // What waits for the tick has not been sent, so a heartbeat that counted it would look like a gap.
    sweep.train(0, 1);
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(await page.next()).toMatchObject({ t: 'hb', seq: 2 });
  });

  it('cuts a page that answers no ping, and keeps one that does', async () => {
    const served = await serve(new TestSweep());
    const { page: alive } = await PageClient.connect(served.url);
    const { page: dead } = await PageClient.connect(served.url, { autoPong: false });
    for (let round = 0; round < 3; round++) {
      const answered = once(served.sockets[0]!, 'pong');
      vi.advanceTimersByTime(DEFAULT_LIMITS.pingMs);
      await answered;
    }
    expect(await dead.closed).toBe(1006);
    expect(served.hub.size).toBe(1);
    expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('runs no interval while no page is open', async () => {
    const served = await serve(new TestSweep());
    expect(vi.getTimerCount()).toBe(0);
    const { page } = await PageClient.connect(served.url);
    expect(vi.getTimerCount()).toBe(2);
    const left = once(served.sockets[0]!, 'close');
    page.socket.close();
    await left;
    await Promise.resolve();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('slow pages', () => {
  const BLOCK = 100_000;
  const limits = { clientBytes: 256 * 1024, frameBytes: 128 * 1024, ringBytes: 64 * 1024 * 1024, pingMs: NEVER };

  /** Fills the paused page's connection until the server has stopped sending to it. The other page gets everything. */
  async function stall(sweep: TestSweep, served: ServedHub, fast: PageClient) {
    const end = served.sockets[0]!;
    let position = sweep.state.seq;
    // What the kernel buffers between two sockets is bounded by some tens of MB.
    for (let i = 0; i < 1000; i++) {
      sweep.fill(BLOCK);
      await fast.eventsUntil(sweep.state.seq, position);
      position = sweep.state.seq;
      expect(end.bufferedAmount).toBeLessThanOrEqual(limits.clientBytes);
      if (end.bufferedAmount + BLOCK > limits.clientBytes) {
        // This one does not fit: the page has now missed something.
        sweep.fill(BLOCK);
        await fast.eventsUntil(sweep.state.seq, position);
        return;
      }
    }
    throw new Error('the paused page was never full');
  }

  it('is sent nothing more, told to resume once it reads again, and then misses nothing', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ...limits, stalledMs: NEVER });
    const { page: slow, boot, seq } = await follow(served);
    const { page: fast } = await follow(served);
    sweep.fill(1);
    await Promise.all([slow.eventsUntil(1, seq), fast.eventsUntil(1, seq)]);
    slow.socket.pause();
    await stall(sweep, served, fast);
    slow.socket.resume();
    expect(await slow.closed).toBe(CLOSE_LAGGED);
    const received = slow.waitingEvents().map((event) => event.seq);
    expect(received).toEqual(seqs(2, received.at(-1)!));
    expect(received.at(-1)!).toBeLessThan(sweep.state.seq);

    const { page: again } = await PageClient.connect(served.url);
    again.resume(boot, received.at(-1)!);
    const rest = await again.eventsUntil(sweep.state.seq, received.at(-1)!);
    expect(rest).toEqual(sweep.ledger.slice(received.at(-1)!));
  });

  it('is cut when it reads nothing for too long, while the others go on', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ...limits, stalledMs: 5 });
    const { page: slow, seq } = await follow(served);
    const { page: fast } = await follow(served);
    sweep.fill(1);
    await Promise.all([slow.eventsUntil(1, seq), fast.eventsUntil(1, seq)]);
    slow.socket.pause();
    const cut = once(served.sockets[0]!, 'close');
    await stall(sweep, served, fast);
    expect((await cut)[0]).toBe(1006);
    expect(served.hub.size).toBe(1);
    const before = sweep.state.seq;
    sweep.fill(1);
    await fast.eventsUntil(before + 1, before);
  });

  it('may replay far more than fits its buffer', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, limits);
    for (let i = 0; i < 200; i++) sweep.fill(BLOCK);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 0);
    await page.take('batch');
    const end = served.sockets[0]!;
    expect(end.bufferedAmount).toBeLessThanOrEqual(limits.clientBytes);
    page.resume(boot, 0);
    // The second replay starts over after whatever of the first is on its way.
    let position = 0;
    while (position < 200) position = (await page.take('batch')).events.at(-1)!.seq;
    expect(end.bufferedAmount).toBeLessThanOrEqual(limits.clientBytes);
  });

  it('is not sent twice what is recorded during its replay', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ...limits, tickMs: NEVER });
    for (let i = 0; i < 400; i++) sweep.fill(BLOCK);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 0);
    page.socket.pause();
    // The replay has begun, and cannot have ended, when another page that asks after it is served.
    const { page: other } = await PageClient.connect(served.url);
    other.resume(boot, 399);
    await other.eventsUntil(400, 399);
    sweep.fill(1);
    page.socket.resume();
    expect(await page.eventsUntil(400, 0)).toHaveLength(400);
    other.resume(boot, 400);
    await other.eventsUntil(401, 400);
    expect(await page.eventsUntil(401, 400)).toEqual(sweep.ledger.slice(400));
  });

  it('is cut when it stops reading in the middle of a replay', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ...limits, stalledMs: 5 });
    for (let i = 0; i < 400; i++) sweep.fill(BLOCK);
    const { page, boot } = await PageClient.connect(served.url);
    const cut = once(served.sockets[0]!, 'close');
    page.resume(boot, 0);
    page.socket.pause();
    expect((await cut)[0]).toBe(1006);
  });
});

describe('close', () => {
  it('sends what waits, says goodbye and lets go of the source', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { tickMs: NEVER });
    sweep.startTrial(0);
    const { page, boot } = await PageClient.connect(served.url);
    page.resume(boot, 1);
    await page.eventsUntil(2, 1);
    sweep.record({ type: 'phase', phase: 'finished' });
    await served.hub.close();
    expect(await page.closed).toBe(1001);
    expect(page.waitingEvents()).toEqual(sweep.ledger.slice(2));
    expect(sweep.subscribers).toBe(0);
  });

  it('does not wait for a page that does not answer', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { graceMs: 5 });
    const { page } = await PageClient.connect(served.url);
    page.socket.pause();
    await served.hub.close();
    expect(served.hub.size).toBe(0);
  });
});
