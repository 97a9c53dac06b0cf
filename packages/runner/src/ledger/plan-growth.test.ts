import { expect, it } from 'vitest';
import { FOUR_ARMS, planOf } from '../fixtures/plans.ts';
import { checkGrowth } from './plan-growth.ts';

const old = planOf({ ...FOUR_ARMS, seeds: 2 });
const all = new Set(old.trials.map(({ id }) => id));

it('names the seeds where only seeds are missing, and the command that asks for them', () => {
  expect(() => checkGrowth('sweeps/arms/ledger.db', old, planOf(FOUR_ARMS), all)).toThrow(
    /^sweeps\/arms: got a sweep file that no longer asks for 4 of the 8 trials .* \(seed 2\), want these seeds as well; l2bn run sweeps\/arms /,
  );
});

it('names the cells where those are missing', () => {
  const next = planOf({ ...FOUR_ARMS, axes: { batchNorm: [true], l2: [0, 1e-3] }, seeds: 2 });
  expect(() => checkGrowth('sweeps/arms/ledger.db', old, next, all)).toThrow(
    '(no BN · λ=0, no BN · λ=1e-3), want the same trials',
  );
  expect(() => checkGrowth('sweeps/arms/ledger.db', old, next, new Set())).not.toThrow();
});
