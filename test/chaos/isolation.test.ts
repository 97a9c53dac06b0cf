import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

/**
 * A user's model whose training does `deed` for λ > 0, as long as the file `until` is not there. It is trained by the
 * layers engine, so that its own `trainOnBatch` is called.
 */
const model = (deed: string): string => `
import { existsSync, writeFileSync } from 'node:fs';
const here = new URL('./', import.meta.url);
export function buildModel({ tf, inputShape, classes, l2 }) {
  const kernelRegularizer = l2 > 0 ? tf.regularizers.l2({ l2 }) : undefined;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const input = tf.input({ shape: inputShape });
  const flat = tf.layers.flatten().apply(input);
  const logits = tf.layers.dense({ units: classes, kernelRegularizer, kernelInitializer }).apply(flat);
  const model = tf.model({ inputs: input, outputs: logits });
  if (l2 > 0 && !existsSync(new URL('until', here))) {
    model.trainOnBatch = async () => {
      ${deed}
    };
  }
  return model;
}
`;

const sweep = (more = ''): string => `
name: faulty
config: { model: ./model.mjs, engine: layers, epochs: 2, learningRate: 0.01, data: { imageSize: 8, limit: 128 } }
axes: { l2: [0, 1e-3, 0.5e-3] }
workers: 2
${more}
`;

const ONCE = "writeFileSync(new URL('until', here), '');";
/** libtensorflow calls abort() itself: a tensor's dimensions are checked with a CHECK, and these pass what is before it. */
const NATIVE_ABORT = 'tf.backend().binding.createTensor([-1, -5], tf.backend().binding.TF_FLOAT, new Float32Array(5));';
/** What is looked at of a file in `hangs/`. */
interface Hang {
  workers: { trial: string; stack: string[] }[] | null;
  threads: { state: string; trial: string | null; cpuSeconds: number }[] | null;
  node: object | null;
}

const stateIn = (folder: string) => readLedger(join(folder, 'sweeps/faulty')).state;

describe('a trial', () => {
  it('that throws is tried again, then failed with its error; the others do not notice', async () => {
    const folder = folderWith({
      'model.mjs': model("throw new Error('no such luck');"),
      'sweep.yaml': sweep('retries: 1'),
    });
    const run = l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(1);
    const { counts, trials } = stateIn(folder);
    expect(counts).toMatchObject({ done: 1, failed: 2 });
    expect(trials[1]).toMatchObject({ status: 'failed', attempt: 2, failure: { error: 'no such luck' } });
    expect(trials[1]?.failure?.stack).toContain('model.mjs');
    expect(run.stdout).toContain('no such luck');

    // Mended, put back and run: only what had failed runs.
    writeFileSync(join(folder, 'until'), '');
    expect(await l2bn(['retry'], { cwd: folder }).ended).toBe(0);
    expect(await l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    expect(stateIn(folder).counts.done).toBe(3);
    expect(stateIn(folder).trials[0]?.attempt).toBe(1);
  });

  it('whose model cannot be used fails at once: the next time it would be no better', async () => {
    const folder = folderWith({
      'model.mjs': model('').replace(
        'const here',
        "import { isMainThread } from 'node:worker_threads';\nif (!isMainThread) throw new Error('not today');\nconst here",
      ),
      'sweep.yaml': sweep('retries: 5'),
    });
    const run = l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(1);
    expect(stateIn(folder).trials.map(({ status, attempt }) => [status, attempt])).toEqual(
      [1, 2, 3].map(() => ['failed', 1]),
    );
    expect(run.stdout).toContain('model.mjs:4, which cannot be loaded: Error: not today');
  });

  it('that fails ends the sweep where that is asked for', async () => {
    const folder = folderWith({ 'model.mjs': model("throw new Error('no');"), 'sweep.yaml': sweep('retries: 0') });
    const run = l2bn(['run', 'sweep.yaml', '--no-page', '--on-failure', 'stop', '--workers', '1'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(1);
    expect(stateIn(folder)).toMatchObject({ phase: 'stopped', counts: { done: 1, failed: 1, planned: 1 } });
  });

  it('whose native library aborts takes nothing with it: all are run to their end, to the same weights', async () => {
    const files = { 'model.mjs': model(`${ONCE} ${NATIVE_ABORT}`), 'sweep.yaml': sweep('retries: 0') };
    const folder = folderWith(files);
    const run = l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);
    expect(run.stderr).toContain('interrupted: the engine host ended: signal SIGABRT');
    // It was libtensorflow, and it has said why.
    expect(readFileSync(join(folder, 'sweeps/faulty/engine.log'), 'utf8')).toMatch(/Check failed: .*got -1/);
    const { counts, trials } = stateIn(folder);
    expect(counts.done).toBe(3);
    expect(Math.max(...trials.map(({ attempt }) => attempt))).toBe(2);

    const quiet = folderWith({ ...files, until: '' });
    expect(await l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: quiet }).ended).toBe(0);
    expect(trials.map(({ weightsHash }) => weightsHash)).toEqual(
      stateIn(quiet).trials.map(({ weightsHash }) => weightsHash),
    );
  });

  it('that aborts the native process every time is given up after three, and the others are not', async () => {
    const folder = folderWith({ 'model.mjs': model("process.kill(process.pid, 'SIGABRT');"), 'sweep.yaml': sweep() });
    const run = l2bn(['run', 'sweep.yaml', '--no-page', '--workers', '1'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(1);
    const { counts, trials } = stateIn(folder);
    expect(counts).toMatchObject({ done: 1, failed: 2 });
    expect(trials[1]?.failure?.error).toContain('three times in a row');
  });

  it.each([
    [
      'waits for ever',
      'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
      /at model\.trainOnBatch .*model\.mjs/,
    ],
    ['counts for ever', 'for (let count = 0; ; ) count++', /at model\.trainOnBatch .*model\.mjs/],
    ['awaits what never comes', 'await new Promise(() => {})', undefined],
  ])('that hangs (%s) is killed with its host and tried again, and what it did is told', async (_, deed, call) => {
    const folder = folderWith({ 'model.mjs': model(`${ONCE} ${deed};`), 'sweep.yaml': sweep('hangTimeout: 5') });
    const run = l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder, env: { SECRET: 'open sesame' } });
    expect(await run.ended, run.stderr).toBe(0);
    const [, trial] = run.stderr.match(/no word from (\S+) for 5 s/)!;
    expect(stateIn(folder).counts.done).toBe(3);

    const file = `hangs/${trial}-attempt1.json`;
    expect(run.stderr).toContain(
      `interrupted: the engine host ended: killed, because ${trial} said nothing for 5 s, see ${file}`,
    );
    const text = readFileSync(join(folder, 'sweeps/faulty', file), 'utf8');
    expect(text).not.toContain('open sesame');
    const { workers, threads, node } = JSON.parse(text) as Hang;
    const stack = workers?.find((worker) => worker.trial === trial)?.stack;
    if (call === undefined) expect(stack).toEqual([]);
    else expect(stack?.[0]).toMatch(call);
    expect(node).toMatchObject({ header: { nodejsVersion: process.version }, sharedObjects: expect.any(Array) });
    // The main thread, the workers and libuv's.
    if (process.platform === 'linux') expect(threads?.length).toBeGreaterThan(3);
  });

  it.runIf(process.platform === 'linux')(
    'that hangs in native code is killed, and what the system knows is told',
    async () => {
      // Longer than silence and grace together; ends by itself, for nobody is left to end it.
      const hang = `${ONCE} (await import('node:child_process')).execFileSync('sleep', ['30']);`;
      const folder = folderWith({ 'model.mjs': model(hang), 'sweep.yaml': sweep('hangTimeout: 5') });
      const run = l2bn(['run', 'sweep.yaml', '--no-page'], { cwd: folder });
      expect(await run.ended, run.stderr).toBe(0);
      const [, trial, file] = run.stderr.match(/ (\S+) said nothing for 5 s, see (\S+\.json)/)!;
      expect(stateIn(folder).counts.done).toBe(3);
      const { workers, threads, node } = JSON.parse(readFileSync(join(folder, 'sweeps/faulty', file!), 'utf8')) as Hang;
      expect({ workers, node }).toEqual({ workers: null, node: null });
      expect(threads?.length).toBeGreaterThan(3);
      // One of two, neither of which is the main thread: that loads TensorFlow.
      expect(threads?.filter((thread) => thread.trial === trial)).toMatchObject([{ state: 'waiting' }]);
    },
  );
});
