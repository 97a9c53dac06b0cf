import { join } from 'node:path';
import { armSurvival } from '@l2bn/core/sweep';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

/** Six learning rates per arm; three are far too small to get anywhere in four epochs. */
const SWEEP = `
name: pruned
config:
  model: smallConvNet
  epochs: 4
  data: { source: digits, imageSize: 16, limit: 256 }
axes:
  learningRate: [0.1, 0.05, 0.02, 1e-6, 2e-6, 3e-6]
  batchNorm: [true, false]
pruning: { rule: median, startupTrials: 2, warmupEpochs: 2 }
workers: 1
`;

const stateIn = (folder: string) => readLedger(join(folder, 'sweeps/pruned')).state;

describe('a sweep with a pruning rule', () => {
  it('ends what falls behind its arm, keeps it as censored, and runs it to its end when it is put back', async () => {
    const folder = folderWith({ 'pruned.yaml': SWEEP });
    const run = l2bn(['run', 'pruned.yaml', '--no-page'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);
    const state = stateIn(folder);
    const pruned = state.trials.filter(({ status }) => status === 'pruned');
    for (const isBatchNorm of [true, false]) {
      const arm = state.plan.cells.filter(({ config }) => config.batchNorm === isBatchNorm);
      const trials = arm.map(({ id, config }) => ({ config, trial: state.trials.find(({ cell }) => cell === id)! }));
      const inOrder = trials.toSorted((a, b) => a.trial.startedAt! - b.trial.startedAt!);
      // The first two have nobody to be compared with.
      const judged = inOrder.slice(2).filter(({ config }) => config.learningRate < 1e-5);
      expect(judged.length).toBeGreaterThan(0);
      expect(judged.map(({ trial }) => trial.status)).toEqual(judged.map(() => 'pruned'));
    }
    expect(state.counts).toMatchObject({ pruned: pruned.length, done: 12 - pruned.length, interrupted: 0 });
    expect(armSurvival(state).arms.map(({ ended }) => ended)).toEqual([6, 6]);
    for (const trial of pruned) {
      expect(trial.epochs.at(-1)?.epoch).toBe(trial.pruning?.epoch);
      expect(trial.pruning!.epoch).toBeGreaterThanOrEqual(2);
      expect(trial.pruning!.epoch).toBeLessThan(4);
    }
    expect(run.stderr).toMatch(
      /learningRate=[23]e-6 · no BN: pruned after epoch 2: validation cross-entropy .* wanted/,
    );

    const status = await ask(folder, 'status');
    expect(status.code).toBe(0);
    expect(status.stdout).toContain('survival by arm');
    expect((await ask(folder, 'table')).stdout).toMatch(/learningRate=[123]e-6 · BN .* pruned/);
    const rows = (await ask(folder, 'export', '--format', 'csv')).stdout;
    expect(rows).toContain('prunedAfterEpoch');

    // By name only; then it goes on from its checkpoint, past the epoch that it was pruned at, with nobody to stop it.
    expect((await ask(folder, 'retry')).code).not.toBe(0);
    const { id } = pruned[0]!;
    expect((await ask(folder, 'retry', '--trial', id)).stdout).toContain('1 put back');
    expect(await l2bn(['run', 'pruned.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    const again = stateIn(folder).trials.find((trial) => trial.id === id)!;
    expect(again).toMatchObject({ status: 'done', attempt: 2 });
    expect(again.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(stateIn(folder).counts.pruned).toBe(pruned.length - 1);
  });

  it('is refused when it tells arms apart by a key that there is not, or has a rule that there is not', async () => {
    for (const [rule, message] of [
      [
        '{ rule: asha, within: [batchnorm] }',
        /pruned.yaml:10: pruning.within\[0\]: got the unknown key "batchnorm", want "batchNorm"/,
      ],
      ['{ rule: hyperband }', /pruned.yaml:10: pruning.rule: got "hyperband"/],
      ['{ rule: asha, eta: 3 }', /pruned.yaml:10: pruning.eta: got the unknown key "eta", want one of: rule,/],
      [
        '{ rule: asha, interval: 2 }',
        /pruning.interval: got the unknown key "interval", want it with rule: median only/,
      ],
      ['{ rule: asha, reductionFactor: 1 }', /pruned.yaml:10: pruning.reductionFactor: got 1/],
    ] as const) {
      const folder = folderWith({ 'pruned.yaml': SWEEP.replace(/^pruning: .*$/m, `pruning: ${rule}`) });
      const { code, stderr } = await ask(folder, 'run', 'pruned.yaml', '--no-page');
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});
