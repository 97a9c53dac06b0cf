import { once } from 'node:events';
import { CLOSE_LAGGED } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { PageClient } from './fixtures/page-client.ts';
import { NEVER, type ServedHub, serve } from './fixtures/served-hub.ts';
import { TestSweep } from './fixtures/test-sweep.ts';

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
    const { page: slow, boot, seq } = await PageClient.follow(served.url);
    const { page: fast } = await PageClient.follow(served.url);
    sweep.fill(1);
    await Promise.all([slow.eventsUntil(1, seq), fast.eventsUntil(1, seq)]);
    slow.socket.pause();
    await stall(sweep, served, fast);
    slow.socket.resume();
    expect(await slow.closed).toBe(CLOSE_LAGGED);
    const received = slow.waitingEvents().map((event) => event.seq);
    expect(received).toEqual(Array.from({ length: received.length }, (_, i) => 2 + i));
    expect(received.at(-1)!).toBeLessThan(sweep.state.seq);

    const { page: again } = await PageClient.connect(served.url);
    again.resume(boot, received.at(-1)!);
    const rest = await again.eventsUntil(sweep.state.seq, received.at(-1)!);
    expect(rest).toEqual(sweep.ledger.slice(received.at(-1)!));
  });

  it('is cut when it reads nothing for too long, while the others go on', async () => {
    const sweep = new TestSweep();
    const served = await serve(sweep, { ...limits, stalledMs: 5 });
    const { page: slow, seq } = await PageClient.follow(served.url);
    const { page: fast } = await PageClient.follow(served.url);
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
