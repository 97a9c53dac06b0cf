import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialState } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folder.ts';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { removeAllLeftovers, removeLeftovers } from './leftovers.ts';

const STEPS_PER_EPOCH = 10;
const epochs = (...numbers: number[]) => numbers.map((epoch) => `epoch-${epoch}.ckpt`);

function folderOf(names: string[], folder = join(temporaryFolder(), 'trial')): string {
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

/** What stays of these files where the ledger names such a checkpoint; null where not even the folder does. */
function left(names: string[], checkpoint: { epoch: number; step: number } | null): string[] | null {
  const folder = folderOf(names);
  removeLeftovers(folder, { checkpoint, stepsPerEpoch: STEPS_PER_EPOCH });
  const once = readdirSync(join(folder, '..')).length === 0 ? null : readdirSync(folder).sort();
  removeLeftovers(folder, { checkpoint, stepsPerEpoch: STEPS_PER_EPOCH });
  if (once !== null) expect(readdirSync(folder).sort()).toEqual(once);
  return once;
}

describe('of the checkpoints of a trial that has ended', () => {
  it.each([
    ['an epoch', { epoch: 4, step: 40 }, ['best.ckpt', 'epoch-4.ckpt']],
    ['a step inside an epoch', { epoch: 4, step: 43 }, ['best.ckpt', 'epoch-4-stopped.ckpt']],
    ['an epoch before the last file', { epoch: 3, step: 30 }, ['best.ckpt', 'epoch-3.ckpt']],
    ['an epoch whose file is gone', { epoch: 7, step: 70 }, ['best.ckpt', 'epoch-5.ckpt']],
    ['a step whose file is gone', { epoch: 5, step: 52 }, ['best.ckpt', 'epoch-5.ckpt']],
    ['an epoch before all files', { epoch: 2, step: 20 }, null],
    ['nothing', null, null],
  ])('what the ledger names stays, and the best one: %s', (_, checkpoint, kept) => {
    const half = ['epoch-6.ckpt.tmp', 'epoch-4-stopped.ckpt.tmp', 'best.tmp'];
    expect(left([...epochs(3, 4, 5), 'epoch-4-stopped.ckpt', 'best.ckpt', ...half], checkpoint)).toEqual(kept);
  });

  it('what others have put there stays, and the folder with it', () => {
    const theirs = ['best.ckpt.txt', 'epoch-1.ckpt.bak', 'my-epoch-1.ckpt', 'notes'];
    expect(left([...epochs(1), ...theirs], null)).toEqual(theirs);
  });

  it('nothing is asked for where there are none, and what cannot be removed stays', () => {
    const folder = temporaryFolder();
    expect(() => removeLeftovers(join(folder, 'none'), { checkpoint: null, stepsPerEpoch: 1 })).not.toThrow();
    const trial = folderOf([], join(folder, 'trial'));
    mkdirSync(join(trial, 'epoch-1.ckpt'));
    expect(() => removeLeftovers(trial, { checkpoint: null, stepsPerEpoch: 1 })).not.toThrow();
    expect(readdirSync(trial)).toEqual(['epoch-1.ckpt']);
  });
});

it('of a sweep, only trials that have ended lose anything', () => {
  const folder = temporaryFolder();
  const state = initialState(planOf(FOUR_ARMS));
  const statuses = ['done', 'interrupted', 'cancelled', 'planned'] as const;
  for (const [i, trial] of state.trials.entries()) {
    Object.assign(trial, { status: statuses[i], checkpoint: { epoch: 2, step: 20 }, stepsPerEpoch: 10 });
    if (i !== 2) folderOf(epochs(0, 1, 2, 3), join(folder, trial.id));
  }
  folderOf(epochs(0, 1), join(folder, 'of-another-sweep'));
  removeAllLeftovers(folder, state);
  const files = (name: string) => readdirSync(join(folder, name)).length;
  expect(state.trials.map(({ id }, i) => (i === 2 ? 0 : files(id)))).toEqual([1, 4, 0, 4]);
  expect(files('of-another-sweep')).toBe(2);
});
