import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { whileFrozen } from '../support/processes.ts';

const SWEEP = `
name: steered
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: 40
  data: { source: digits, imageSize: 16, limit: 256 }
axes: { batchNorm: [true, false], l2: [0, 1e-4, 1e-3] }
workers: 1
`;

const stateIn = (folder: string) => readLedger(join(folder, 'sweeps/steered')).state;

describe('a running sweep', () => {
  it('pauses, goes on, drops trials and takes them back, from another terminal', async () => {
    // Those that are to be met while they run.
    const long = 'epochs: { values: [200], when: { batchNorm: true, l2: [0, 1e-4] } }';
    const folder = folderWith({
      'steered.yaml': SWEEP.replace(/^axes: \{ (.*) \}$/m, `axes: { $1, ${long} }`).replace('epochs: 40', 'epochs: 4'),
    });
    const run = l2bn(['run', 'steered.yaml', '--no-page'], { cwd: folder });
    await run.saw(/epoch 1\/200/);

    await whileFrozen(run, async () => {
      expect((await ask(folder, 'pause')).stdout).toContain('paused: 1 running trials go on');
      expect((await ask(folder, 'pause')).code).toBe(2);
    });
    await run.saw(/: done after/);
    // Paused: the worker is free and five trials wait.
    expect(stateIn(folder)).toMatchObject({ phase: 'paused', counts: { done: 1, planned: 5, running: 0, leased: 0 } });

    const { trials } = stateIn(folder);
    const [waiting, running] = [trials[5]!.id, trials[1]!.id];
    expect((await ask(folder, 'cancel', waiting)).stdout).toContain('is cancelled');
    expect((await ask(folder, 'cancel', waiting)).code).toBe(2);
    expect((await ask(folder, 'cancel', '--trial', 'nobody')).stderr).toContain('nobody, which steered has none of');

    expect((await ask(folder, 'resume')).stdout).toContain('going on');
    await run.saw(/BN · λ=1e-4 · epochs=200: epoch 1\//);
    await whileFrozen(run, async () => {
      expect((await ask(folder, 'cancel', running)).stdout).toContain('ends at its next step');
    });
    await run.saw(/BN · λ=1e-4 · epochs=200: cancelled/);

    expect((await ask(folder, 'retry', '--trial', waiting)).stdout).toContain('1 put back');
    expect(await run.ended, run.stderr).toBe(0);
    expect(stateIn(folder).counts).toMatchObject({ done: 5, cancelled: 1 });

    // What nobody runs any more is put back in the ledger, and the next run finishes it.
    expect((await ask(folder, 'retry')).stdout).toContain('1 put back');
    expect(await l2bn(['run', 'steered.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    expect(stateIn(folder).counts.done).toBe(6);
    expect((await ask(folder, 'pause')).stderr).toContain('sweeps/steered is finished');
  });

  it('stops when it is asked to, takes more workers, and loses nothing', async () => {
    const folder = folderWith({ 'steered.yaml': SWEEP });
    const words = ['run', 'steered.yaml', 'epochs=120', 'l2=0,', '--no-page'];
    const run = l2bn(words, { cwd: folder });
    await run.saw(/epoch 1\/120/);
    await whileFrozen(run, async () => {
      expect((await ask(folder, 'workers', '1000')).code).toBe(2);
      expect((await ask(folder, 'workers', '2')).stdout).toContain('2 trials at a time from now on');
    });
    await run.saw(/started on worker 1/);
    await whileFrozen(run, async () => {
      expect((await ask(folder, 'stop')).stdout).toContain('stopping');
    });
    expect(await run.ended).toBe(4);
    const stopped = stateIn(folder);
    expect(stopped.phase).toBe('stopped');
    expect(stopped.counts.interrupted).toBe(2);

    expect(await l2bn(words, { cwd: folder }).ended).toBe(0);
    expect(stateIn(folder).counts.done).toBe(2);
  });

  it('grows: seeds and cells that are added later run, and nothing else does', async () => {
    const small = SWEEP.replace('epochs: 40', 'epochs: 1').replace('[0, 1e-4, 1e-3]', '[0, 1e-3]');
    const folder = folderWith({
      'steered.yaml': small,
      'more.yaml': `${small.replace('[0, 1e-3]', '[0, 1e-4, 1e-3]')}seeds: 2\n`,
      'other.yaml': small.replace('epochs: 1', 'epochs: 2'),
    });
    expect(await l2bn(['run', 'steered.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    const before = stateIn(folder).trials;
    expect(await l2bn(['run', 'more.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    const { trials, counts } = stateIn(folder);
    expect(counts.done).toBe(12);
    for (const old of before) {
      expect(trials.find(({ id }) => id === old.id)).toEqual({ ...old, index: expect.any(Number) });
    }
    const refused = await ask(folder, 'run', 'other.yaml', '--no-page');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'no longer asks for 12 of the 12 trials that this folder has a record of (epochs 1 → 2)',
    );
  });
});
