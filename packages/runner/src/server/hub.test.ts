import { once } from 'node:events';
import { HEARTBEAT_MS, initialState, SweepReducer } from '@l2bn/core/sweep';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { PageClient } from './fixtures/page-client.ts';
import { NEVER, serve } from './fixtures/served-hub.ts';
import { TestSweep, TestSweepWithLedger, testPlan } from './fixtures/test-sweep.ts';
import { DEFAULT_LIMITS } from './live-limits.ts';

describe('live frames', () => {
  it('packs the events of one tick into few frames, shared by all pages', async () => {
    const sweep = new TestSweep();
    sweep.startTrial(0);
    const served = await serve(sweep);
    const pages = [await PageClient.follow(served.url), await PageClient.follow(served.url)];
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
    const { page, seq } = await PageClient.follow(served.url);
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
    const { page, seq } = await PageClient.follow(served.url);
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
    const { page, seq } = await PageClient.follow(served.url);
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
    const { page, boot, seq } = await PageClient.follow(served.url);
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
