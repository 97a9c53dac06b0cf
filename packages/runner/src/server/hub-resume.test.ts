import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { PageClient } from './fixtures/page-client.ts';
import { NEVER, serve } from './fixtures/served-hub.ts';
import { TestSweep, TestSweepWithLedger } from './fixtures/test-sweep.ts';

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
    const first = await PageClient.follow(served.url);
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
