import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Dataset } from '@l2bn/core';
import { TrialConfigSchema, type TrialEvent } from '@l2bn/core/sweep';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { deferred } from './deferred.ts';
import { type PooledTask, TrialPool } from './trial-pool.ts';

const images = { count: 0, pixels: new Uint8Array(), labels: new Uint8Array() };
const dataset: Dataset = {
  name: 'none',
  classes: [],
  shape: [1, 1, 1],
  scale: 1,
  offset: 0,
  train: images,
  validation: images,
  hash: '',
};
const task = (trial: string): PooledTask => ({
  trial,
  attempt: 1,
  worker: 0,
  seed: 1,
  config: v.parse(TrialConfigSchema, {}),
  dataset,
  baseDirectory: '',
  module: null,
  checkpointFolder: '',
  resumeFrom: null,
});
const event = (trial: string, step: number): TrialEvent => ({
  type: 'done',
  trial,
  attempt: 1,
  step,
  elapsed: 0,
  weightsHash: '',
});

/** A pool whose threads run this text with `task`, `say(step)`, `threadId` and `stopped()`, which waits to be stopped. */
function poolOf(deed: string, workers = 2, top = '') {
  const file = join(temporaryFolder(), 'worker.mjs');
  writeFileSync(
    file,
    `
import { threadId } from 'node:worker_threads';
${top}
export default async (task) => {
  Atomics.store(task.thread, 0, threadId);
  const say = (step) => task.port.postMessage({ type: 'done', trial: task.trial, attempt: 1, step, elapsed: 0, weightsHash: '' });
  const stopped = () => { while (Atomics.load(task.stopFlag, 0) === 0); };
  try {
    ${deed}
  } finally {
    task.port.postMessage(null);
  }
};
`,
  );
  const failed = deferred<Error>();
  const pool = new TrialPool(workers, failed.resolve, pathToFileURL(file));
  onTestFinished(() => pool.close());
  /** Runs a trial; with what it said, and when it said something first. */
  const run = (trial: string) => {
    const events: TrialEvent[] = [];
    const spoke = deferred<void>();
    const result = pool.run(task(trial), (each) => {
      events.push(each);
      spoke.resolve();
    });
    return { events, result, spoke: spoke.promise };
  };
  return { pool, run, failed: failed.promise };
}

describe('a trial in the pool', () => {
  it('has told all its events, in their order, when it has its result', async () => {
    const { run } = poolOf("for (let step = 0; step < 2000; step++) say(step); return { outcome: 'finished' };");
    for (const trial of ['a', 'b']) {
      const { result, events } = run(trial);
      expect(await result).toEqual({ outcome: 'finished' });
      expect(events).toEqual(Array.from({ length: 2000 }, (_, step) => event(trial, step)));
    }
  });

  it('that throws has its message and stack as a result, and its thread takes the next', async () => {
    const { run } = poolOf("if (task.trial === 'a') throw new Error('no luck'); return { outcome: 'finished' };", 1);
    expect(await run('a').result).toEqual({
      outcome: 'threw',
      error: 'no luck',
      stack: expect.stringContaining('worker.mjs'),
    });
    expect(await run('b').result).toEqual({ outcome: 'finished' });
  });

  it('whose thread ends has failed with what it had said, and another thread takes the next', async () => {
    const { run } = poolOf("say(1); if (task.trial === 'a') process.exit(5); return { outcome: 'finished' };", 1);
    const { result, events } = run('a');
    expect(await result).toMatchObject({ outcome: 'threw', error: expect.stringContaining('5') });
    expect(events.length).toBeLessThanOrEqual(1);
    expect(await run('b').result).toEqual({ outcome: 'finished' });
  });

  it('is stopped alone by its name, or with all', async () => {
    const { pool, run } = poolOf("say(1); stopped(); return { outcome: 'stopped' };");
    const [a, b] = [run('a'), run('b')];
    await Promise.all([a.spoke, b.spoke]);
    pool.stop('c');
    pool.stop('a');
    expect(await a.result).toEqual({ outcome: 'stopped' });
    expect([...pool.threads().values()]).toEqual(['b']);
    const again = run('a');
    await again.spoke;
    pool.stop(null);
    expect(await Promise.all([again.result, b.result])).toEqual([{ outcome: 'stopped' }, { outcome: 'stopped' }]);
  });

  it('stays dropped when all are stopped after it, and is told apart from those', async () => {
    // The thread looks only when both have been said.
    const { pool, run } = poolOf(`
      say(1);
      stopped();
      while (Atomics.load(task.recordedEpoch, 0) === -1);
      say(Atomics.load(task.stopFlag, 0));
      return { outcome: 'stopped' };
    `);
    const [a, b] = [run('a'), run('b')];
    await Promise.all([a.spoke, b.spoke]);
    pool.stop('a', true);
    pool.stop(null);
    for (const trial of ['a', 'b']) pool.recorded(trial, 1);
    await Promise.all([a.result, b.result]);
    expect([a, b].map(({ events }) => events)).toEqual([
      [event('a', 1), event('a', 2)],
      [event('b', 1), event('b', 1)],
    ]);
  });

  it('is named with its thread while that is busy', async () => {
    const { pool, run } = poolOf("say(threadId); stopped(); return { outcome: 'stopped' };");
    const trials = ['a', 'b'].map(run);
    await Promise.all(trials.map(({ spoke }) => spoke));
    const said = trials
      .flatMap(({ events }) => events)
      .map((each) => [each.type === 'done' ? each.step : 0, each.trial]);
    expect([...pool.threads()].sort()).toEqual(said.sort());
    // Neither has said its other one: the system does not tell it everywhere.
    expect(pool.systemThreads()).toEqual([]);
    pool.stop(null);
    await Promise.all(trials.map(({ result }) => result));
    expect(pool.threads().size).toBe(0);
  });

  it('is ended by the closing of the pool', async () => {
    const { pool, run } = poolOf("say(1); stopped(); return { outcome: 'stopped' };", 1);
    const { result, spoke } = run('a');
    await spoke;
    await pool.close();
    expect(await result).toEqual({ outcome: 'stopped' });
  });
});

it('tells, at the second trial at the latest, of threads that cannot load what they are to run', async () => {
  const { run, failed } = poolOf('', 1, "throw new Error('no libtensorflow');");
  expect(await Promise.race([run('a').result, failed])).toMatchObject({ outcome: 'threw', error: 'no libtensorflow' });
  run('b');
  expect(await failed).toMatchObject({ message: 'no libtensorflow' });
});
