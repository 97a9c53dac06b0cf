import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepEvent, TrialState } from '@l2bn/core/sweep';
import { readEvents, readLedger } from '@l2bn/runner';
import { expect, it } from 'vitest';
import { impartialOrder } from '../../packages/runner/src/schedule/pruning/start-order.ts';
import { ask } from '../support/ask.ts';
import { type Command, l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { hostOf, send } from '../support/processes.ts';
import { printed } from '../support/recorded.ts';

/**
 * Two trials that learn, one that falls behind them, one that diverges, and two that are so long that they never end. With a
 * rule, trials start in an order by what they are; the values of λ are those that make it this one.
 */
const SWEEP = `
name: ends
config:
  model: ./my-model.mjs
  epochs: 6
  data: { source: synthetic, imageSize: 16, channels: 1, classes: 4, images: 1000 }
cells:
  - { learningRate: 0.05, l2: 5e-5 }
  - { learningRate: 0.05, l2: 1e-5 }
  - { learningRate: 1e-6, l2: 1e-4 }
  - { learningRate: 1e30, l2: 1e-4 }
  - { learningRate: 0.05, l2: 3e-4, epochs: 5000, batchSize: 4 }
  - { learningRate: 0.05, l2: 1e-3, epochs: 5000, batchSize: 4 }
pruning: { rule: median, startupTrials: 2, warmupEpochs: 2 }
retries: 0
workers: 1
`;

/** Throws in a thread that trains as long as there is a file of the name. */
const MODEL = `
import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
export function buildModel({ tf, inputShape, classes, seed, l2 }) {
  if (!isMainThread && existsSync(new URL('throw', import.meta.url))) throw new Error('asked to throw');
  const kernelRegularizer = tf.regularizers.l2({ l2 });
  const kernel = (n) => ({ kernelInitializer: tf.initializers.heNormal({ seed: 10 * seed + n }), kernelRegularizer });
  return tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu', ...kernel(1) }),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.dense({ units: classes, ...kernel(2) }),
  ] });
}
`;

const SWEPT = 'sweeps/ends';
const TRIALS = ['learns', 'learns too', 'falls behind', 'diverges', 'long', 'long too'] as const;

it('leaves of every trial what can still be used, however it has ended', async () => {
  const cwd = folderWith({ 'ends.yaml': SWEEP, 'my-model.mjs': MODEL });
  const folder = join(cwd, SWEPT);
  const run = () => l2bn(['run', 'ends.yaml', '--json', '--no-page'], { cwd });
  const asked = async (...words: string[]) => {
    const { code, stderr } = await ask(cwd, ...words);
    expect(code, stderr).toBe(0);
  };
  const trial = (name: (typeof TRIALS)[number]): TrialState => readLedger(folder).state.trials[TRIALS.indexOf(name)]!;
  const filesOf = (name: (typeof TRIALS)[number]): string[] =>
    readdirSync(join(folder, 'checkpoints', trial(name).id)).sort();
  /** Passes such events of a trial; of checkpoints, those of this epoch and later ones. */
  const eventOf = (name: (typeof TRIALS)[number], type: 'started' | 'checkpoint', epoch = 0) => {
    const { id } = trial(name);
    return (event: SweepEvent) =>
      event.type === type && event.trial === id && (event.type !== 'checkpoint' || event.epoch >= epoch);
  };
  const endOf = async (command: Command, code: number) => expect(await command.ended, command.stderr).toBe(code);
  /** The name of the file from which the trial would go on. */
  const named = (name: (typeof TRIALS)[number]): string => {
    const { checkpoint, stepsPerEpoch } = trial(name);
    const { epoch, step } = checkpoint!;
    return `epoch-${epoch}${step > epoch * stepsPerEpoch ? '-stopped' : ''}.ckpt`;
  };
  const resumedAt = (name: (typeof TRIALS)[number]) => {
    const { id } = trial(name);
    return readEvents(folder)
      .flatMap(({ event }) => (event.type === 'started' && event.trial === id ? [event.resumed] : []))
      .at(-1);
  };

  // Ends of their own, and one by the rule.
  const first = run();
  await printed(first, ({ type }) => type === 'started');
  const { plan } = readLedger(folder).state;
  expect(impartialOrder(plan.trials)).toEqual(plan.trials);
  await printed(first, eventOf('long', 'checkpoint', 3));
  expect(TRIALS.slice(0, 4).map((name) => [trial(name).status, filesOf(name)])).toEqual([
    ['done', ['best.ckpt', 'epoch-6.ckpt']],
    ['done', ['best.ckpt', 'epoch-6.ckpt']],
    ['pruned', ['best.ckpt', 'epoch-1.ckpt']],
    ['diverged', ['best.ckpt', 'epoch-0.ckpt']],
  ]);

  // Cancelled while it runs.
  await asked('cancel', trial('long').id, SWEPT);
  await printed(first, eventOf('long too', 'checkpoint', 2));
  expect(trial('long').status).toBe('cancelled');
  expect(filesOf('long')).toEqual(['best.ckpt', named('long')]);

  // Stopped, and failed when it was to go on.
  first.child.kill('SIGINT');
  await endOf(first, 130);
  expect(filesOf('long too').length).toBeGreaterThan(2);
  writeFileSync(join(cwd, 'throw'), '');
  await endOf(run(), 1);
  const failed = trial('long too');
  expect(failed).toMatchObject({ status: 'failed', failure: { error: expect.stringContaining('asked to throw') } });
  expect(filesOf('long too')).toEqual(['best.ckpt', named('long too')]);
  rmSync(join(cwd, 'throw'));

  // Put back, it goes on from what was kept; killed and stopped, and cancelled after each.
  for (const end of ['cancel', 'SIGKILL', 'SIGINT'] as const) {
    const before = trial('long too').checkpoint;
    if (trial('long too').status !== 'interrupted') await asked('retry', '--trial', failed.id, SWEPT);
    const again = run();
    const { event } = await printed(again, eventOf('long too', 'started'));
    expect(event).toMatchObject({ resumed: end === 'cancel' ? before : expect.anything() });
    expect(readEvents(folder).filter(({ event: said }) => said.type === 'checkpointFailed')).toEqual([]);
    if (end === 'cancel') {
      await asked('cancel', failed.id, SWEPT);
      await endOf(again, 0);
    } else {
      await printed(again, eventOf('long too', 'checkpoint'));
      if (end === 'SIGKILL') send('SIGKILL', hostOf(again));
      again.child.kill(end);
      await again.ended;
      expect(filesOf('long too').length).toBeGreaterThan(1);
      const last = run();
      await printed(last, eventOf('long too', 'started'));
      await asked('cancel', failed.id, SWEPT);
      await endOf(last, 0);
    }
    expect(trial('long too').status).toBe('cancelled');
    expect(filesOf('long too')).toEqual(['best.ckpt', named('long too')]);
  }

  // What a coordinator has left that was killed before it came to it, of trials that nothing is to be run of.
  const rubbish = ['epoch-5.ckpt', 'epoch-7.ckpt', 'epoch-6-stopped.ckpt', 'epoch-7.ckpt.tmp', 'best.tmp'];
  const kept = filesOf('learns');
  const content = kept.map((name) => readFileSync(join(folder, 'checkpoints', trial('learns').id, name)));
  for (const name of rubbish) writeFileSync(join(folder, 'checkpoints', trial('learns').id, name), 'x');
  await endOf(run(), 0);
  expect(filesOf('learns')).toEqual(kept);
  expect(kept.map((name) => readFileSync(join(folder, 'checkpoints', trial('learns').id, name)))).toEqual(content);

  // A pruned one goes on from there to its end.
  await asked('retry', '--trial', trial('falls behind').id, SWEPT);
  await endOf(run(), 0);
  expect(resumedAt('falls behind')).toMatchObject({ epoch: 1 });
  expect([trial('falls behind').status, filesOf('falls behind')]).toEqual(['done', ['best.ckpt', 'epoch-6.ckpt']]);
  expect(existsSync(join(folder, 'hangs'))).toBe(false);
});
