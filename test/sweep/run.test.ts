import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decayAfter } from '@l2bn/core/theory';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';

/** Four arms of a small network on few images: seconds, and still every process, thread and file of a real sweep. */
const ARMS = `
name: arms
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: 12
  data: { source: digits, imageSize: 16, limit: 256 }
axes:
  batchNorm: [true, false]
  l2: [0, 1e-3]
workers: 2
`;

describe('l2bn run', () => {
  it('trains every cell once, two at a time, and ends by itself without a terminal', async () => {
    const folder = folderWith({ 'arms.yaml': ARMS });
    const run = l2bn(['run', 'arms.yaml'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);

    const { state } = readLedger(join(folder, 'sweeps/arms'));
    expect(state.phase).toBe('finished');
    expect(state.counts).toMatchObject({ done: 4, planned: 0, failed: 0 });
    expect(state.trials.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    for (const trial of state.trials) {
      expect(trial.totalSteps).toBe(96);
      expect(trial.curve.crossEntropy).toHaveLength(96);
      expect(trial.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 13 }, (_, epoch) => epoch));
      expect(trial.weightsHash).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(runningTogether(state.trials)).toBe(2);

    expect(run.stdout).toContain('no BN · λ=1e-3');
    // Of another network than its own the article says nothing.
    expect(run.stdout).not.toContain("The article's findings");
    const log = readFileSync(join(folder, 'sweeps/arms/sweep.log'), 'utf8');
    expect(log.match(/epoch 12\/12 {2}conv_1 \[( *-?\d\.\d+(e-\d+)?){10} *\]/g)).toHaveLength(4);
  });

  it('keeps cross-entropy and penalty apart, and shrinks what only the penalty moves by 1 − 2ηλ a step', async () => {
    const folder = folderWith({
      'decay.yaml': `
name: decay
config: { alpha: 0.35, batchNorm: false, epochs: 2, data: { imageSize: 32, limit: 128 } }
axes: { l2: [0, 1e-3] }
`,
    });
    expect(await l2bn(['run', 'decay.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    const { state } = readLedger(join(folder, 'sweeps/decay'));
    const [rest, decayed] = state.trials;
    // float32: each of the 8 steps rounds a weight by at most 6e-8 relative, so 1e-6 leaves a factor of two.
    const last = decayed!.epochs.at(-1)!;
    const expected = decayAfter(0.1, 1e-3, last.step);
    expect(last.step).toBe(8);
    expect(Math.abs(last.weights.norm! / decayed!.epochs[0]!.weights.norm! / expected - 1)).toBeLessThan(1e-6);
    expect(last.validation.penalty! / decayed!.epochs[0]!.validation.penalty!).toBeCloseTo(expected ** 2, 5);
    expect(rest!.epochs.at(-1)!.weights.values).toEqual(rest!.epochs[0]!.weights.values);
    expect(rest!.epochs.at(-1)!.validation.penalty).toBe(0);
    // Neither learns: ln 10 for both, whatever the penalty adds to the total.
    for (const { epochs } of state.trials) expect(epochs.at(-1)!.validation.crossEntropy).toBeCloseTo(Math.log(10), 4);
  });

  it('runs nothing again when everything is done', async () => {
    const folder = folderWith({ 'arms.yaml': ARMS });
    expect(await l2bn(['run', 'arms.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    const before = readLedger(join(folder, 'sweeps/arms')).state;
    const again = l2bn(['run', 'arms.yaml', '--no-page'], { cwd: folder });
    expect(await again.ended).toBe(0);
    expect(readLedger(join(folder, 'sweeps/arms')).state.trials).toEqual(before.trials);
    expect(again.stdout).toContain('BN · λ=0');
  });

  it('says the recorded events as JSON lines', async () => {
    const folder = folderWith({ 'one.yaml': ARMS.replace(/axes:[\s\S]*workers: 2/, '') });
    const run = l2bn(['run', 'one.yaml', '--no-page', '--json'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);
    const lines = run.stdout.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { seq: number; event: { type: string } });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(new Set(events.map(({ event }) => event.type))).toEqual(
      new Set(['phase', 'leased', 'started', 'epoch', 'steps', 'checkpoint', 'done']),
    );
  });

  it('says beside JSON lines what they do not: name, folder, what was there, and the link of the page', async () => {
    const folder = folderWith({ 'arms.yaml': ARMS });
    const once = l2bn(['run', 'arms.yaml', 'l2=0', 'batchNorm=true,', '--no-page', '--json'], { cwd: folder });
    expect(await once.ended, once.stderr).toBe(0);
    const run = l2bn(['run', 'arms.yaml', '--json'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);
    const notes = run.stderr.split('\n').map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
    expect(notes).toEqual([
      'arms: 4 cells × 1 seed = 4 trials → sweeps/arms',
      '1 trial was started before; going on from there',
      expect.stringMatching(/^page: http:\/\/127\.0\.0\.1:\d+\/#t=\S+$/),
      '',
    ]);
    for (const line of run.stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event.type');
  });

  it('calls a loss that leaves the finite numbers a result', async () => {
    const folder = folderWith({
      'hot.yaml':
        'name: hot\nconfig: { model: smallConvNet, batchNorm: false, learningRate: 1e20, epochs: 2, data: { limit: 64 } }\n',
    });
    const run = l2bn(['run', 'hot.yaml', '--no-page'], { cwd: folder });
    expect(await run.ended, run.stderr).toBe(0);
    const { state } = readLedger(join(folder, 'sweeps/hot'));
    expect(state.counts.diverged).toBe(1);
    expect(state.trials[0]?.divergence?.step).toBeGreaterThan(0);
    expect(run.stdout).toContain('diverged');
  });

  it.each([
    ['λ below zero', 'name: x\naxes:\n  l2: [0, -1]\n', 'bad.yaml:3: axes.l2[1]: got -1, want a number ≥ 0'],
    ['an unknown data folder', 'name: x\nconfig:\n  data: { source: folder, path: nowhere }\n', 'nowhere'],
    ['an unknown model', 'name: x\nconfig:\n  model: mobileNetV9\n', 'mobileNetV9'],
  ])('refuses %s with exit code 2 and starts nothing', async (_, content, message) => {
    const folder = folderWith({ 'bad.yaml': content });
    const run = l2bn(['run', 'bad.yaml'], { cwd: folder });
    expect(await run.ended).toBe(2);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(run.stdout).toBe('');
    expect(readdirSync(folder)).toEqual(['bad.yaml']);
  });

  it.each([
    [['run'], 'got nothing to run, want a sweep file'],
    [['run', 'x.yaml', '--wrokers', '2'], "unknown option '--wrokers'"],
    [['run', 'x.yaml', '--workers', 'two'], 'got two, want a whole number'],
    [['jump'], "unknown command 'jump'"],
    [['table', 'nowhere'], 'got no such folder'],
  ])('refuses the command line %j with exit code 2', async (args, message) => {
    const folder = folderWith();
    const run = l2bn(args, { cwd: folder });
    expect(await run.ended).toBe(2);
    expect(run.stderr).toContain(message);
    expect(existsSync(join(folder, 'sweeps'))).toBe(false);
  });
});

/** The largest number of trials that ran at the same time. */
function runningTogether(trials: { startedAt: number | null; finishedAt: number | null }[]): number {
  const starts = trials.map(({ startedAt }) => startedAt!);
  return Math.max(
    ...starts.map((at) => trials.filter(({ startedAt, finishedAt }) => startedAt! <= at && at < finishedAt!).length),
  );
}
