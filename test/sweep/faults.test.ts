import { join } from 'node:path';
import { readLedger } from '@l2bn/runner';
import { describe, expect, it } from 'vitest';
import { l2bn } from '../support/command.ts';
import { folderWith } from '../support/folder.ts';
import { hostOf } from '../support/processes.ts';

const SWEEP = `
name: faults
config:
  model: smallConvNet
  learningRate: 0.05
  epochs: 20
  data: { source: digits, imageSize: 16, limit: 256 }
axes: { batchNorm: [true, false], l2: [0, 1e-3] }
workers: 2
`;

const stateIn = (folder: string) => readLedger(join(folder, 'sweeps/faults')).state;
const hashes = (folder: string) => stateIn(folder).trials.map(({ weightsHash }) => weightsHash);

async function undisturbed(): Promise<(string | null)[]> {
  const folder = folderWith({ 'faults.yaml': SWEEP });
  expect(await l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
  return hashes(folder);
}

describe('a sweep', () => {
  it('goes on when the engine host is killed: every trial once, the same weights as undisturbed', async () => {
    const folder = folderWith({ 'faults.yaml': SWEEP });
    const run = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    await run.saw(/epoch 2\/20/);
    process.kill(hostOf(run), 'SIGKILL');
    expect(await run.ended, run.stderr).toBe(0);
    expect(run.stderr).toContain('interrupted: the engine host ended: signal SIGKILL');
    const state = stateIn(folder);
    expect(state.counts.done).toBe(4);
    expect(Math.max(...state.trials.map(({ attempt }) => attempt))).toBe(2);
    expect(hashes(folder)).toEqual(await undisturbed());
    expect(run.stderr).toContain('(checkpoint of epoch');
  });

  it('goes on after kill -9 of the coordinator: nothing acknowledged is lost, what is done stays done', async () => {
    const folder = folderWith({ 'faults.yaml': SWEEP });
    const first = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    await first.saw(/: done after/);
    first.child.kill('SIGKILL');
    await first.ended;
    const acknowledged = (first.stderr.match(/: done after/g) ?? []).length;
    const doneBefore = stateIn(folder).trials.filter(({ status }) => status === 'done');
    expect(doneBefore.length).toBeGreaterThanOrEqual(acknowledged);

    const second = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    expect(await second.ended, second.stderr).toBe(0);
    const { trials } = stateIn(folder);
    for (const before of doneBefore) expect(trials[before.index]).toEqual(before);
    expect(trials.every(({ status }) => status === 'done')).toBe(true);
    expect(hashes(folder)).toEqual(await undisturbed());
  });

  it('stops at Ctrl-C with exit code 130 and goes on with the same command', async () => {
    const folder = folderWith({ 'faults.yaml': SWEEP });
    const run = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    await run.saw(/epoch 1\/20/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(stateIn(folder).phase).toBe('stopped');
    expect(run.stdout).toContain('Run the same command to go on');
    expect(await l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder }).ended).toBe(0);
    expect(stateIn(folder).counts.done).toBe(4);
  });

  it('refuses a second coordinator on the same folder, and the first one does not notice', async () => {
    const folder = folderWith({ 'faults.yaml': SWEEP });
    const first = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    await first.saw(/epoch 0\/20/);
    const second = l2bn(['run', 'faults.yaml', '--no-page'], { cwd: folder });
    expect(await second.ended).toBe(3);
    expect(second.stderr).toContain('another l2bn writes');
    expect(await first.ended).toBe(0);
    expect(stateIn(folder).counts.done).toBe(4);
  });
});
