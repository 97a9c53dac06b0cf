import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostReport } from './host-report.ts';

/** A thread that runs this text; it is busy when this resolves. */
async function threadThat(deed: string): Promise<number> {
  const worker = new Worker(
    `const { parentPort, threadId } = require('node:worker_threads');
    function deedOfTheUser() { ${deed} }
    parentPort.postMessage('here');
    deedOfTheUser();`,
    { eval: true },
  );
  onTestFinished(() => void worker.terminate());
  await once(worker, 'message');
  return worker.threadId;
}

describe('hostReport', () => {
  it.each([
    ['in a loop', 'for (;;);'],
    ['in Atomics.wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
  ])('tells where a thread is %s', async (_, deed) => {
    const thread = await threadThat(deed);
    const { workers, node } = hostReport(new Map([[thread, 'mine']]));
    expect(workers).toEqual([{ trial: 'mine', thread, stack: expect.any(Array) }]);
    expect(workers[0]?.stack.join('\\n')).toContain('deedOfTheUser');
    expect(node).toMatchObject({ header: { nodejsVersion: process.version } });
  });

  it('names no call of a thread that runs none, and no thread without a trial', async () => {
    const thread = await threadThat('setInterval(() => {}, 1e6);');
    await threadThat('for (;;);');
    // Its first message came before it was idle.
    await expect
      .poll(() => hostReport(new Map([[thread, 'idle']])).workers)
      .toEqual([{ trial: 'idle', thread, stack: [] }]);
  });

  it('keeps the environment to itself', async () => {
    process.env.L2BN_TEST_SECRET = 'open sesame';
    onTestFinished(() => {
      delete process.env.L2BN_TEST_SECRET;
    });
    await threadThat('for (;;);');
    expect(JSON.stringify(hostReport(new Map()))).not.toContain('open sesame');
  });
});
