import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { AxisValue, SweepPlan } from './plan.ts';
import { initialState } from './reducer.ts';
import type { TrialStatus } from './state.ts';
import { armSurvival } from './survival.ts';
import { TrialConfigSchema } from './trial-config.ts';

/** A sweep of one cell for each entry, whose seeds have ended as listed. */
function stateOf(cells: [Record<string, AxisValue>, TrialStatus[]][], keys: string[]) {
  const plan: SweepPlan = {
    version: 1,
    name: 'arms',
    hash: '',
    axes: keys.map((key) => ({ key, scale: 'list', values: [...new Set(cells.map(([values]) => values[key]!))] })),
    seeds: [],
    cells: cells.map(([values], i) => ({ id: `c${i}`, values, config: v.parse(TrialConfigSchema, {}) })),
    trials: cells
      .flatMap(([, statuses], i) => statuses.map((_, seed) => ({ id: `c${i}-s${seed}`, cell: `c${i}`, seed })))
      .map((trial, index) => ({ ...trial, index })),
  };
  const state = initialState(plan);
  const statuses = cells.flatMap(([, each]) => each);
  for (const trial of state.trials) trial.status = statuses[trial.index]!;
  return state;
}

describe('armSurvival', () => {
  it('counts by arm, over all other axes, what has ended and how', () => {
    const state = stateOf(
      [
        [{ batchNorm: true, l2: 0 }, ['done', 'done', 'running']],
        [{ batchNorm: true, l2: 1 }, ['done', 'diverged', 'cancelled']],
        [{ batchNorm: false, l2: 0 }, ['pruned', 'pruned', 'done']],
        [{ batchNorm: false, l2: 1 }, ['failed', 'planned', 'interrupted']],
      ],
      ['batchNorm', 'l2'],
    );
    expect(armSurvival(state)).toEqual({
      arms: [
        { values: { batchNorm: true }, ended: 4, survived: 3, diverged: 1, pruned: 0, failed: 0 },
        { values: { batchNorm: false }, ended: 4, survived: 1, diverged: 0, pruned: 2, failed: 1 },
      ],
      differs: true,
    });
  });

  it('does not warn of arms that lost about as many, or have not begun', () => {
    const nine = (last: TrialStatus): TrialStatus[] => [...Array(9).fill('done'), last];
    expect(
      armSurvival(
        stateOf(
          [
            [{ batchNorm: true }, nine('pruned')],
            [{ batchNorm: false }, nine('done')],
          ],
          ['batchNorm'],
        ),
      ).differs,
    ).toBe(false);
    expect(
      armSurvival(
        stateOf(
          [
            [{ batchNorm: true }, ['pruned']],
            [{ batchNorm: false }, ['planned']],
          ],
          ['batchNorm'],
        ),
      ).differs,
    ).toBe(false);
  });

  it('is one arm where the factor is not varied', () => {
    const state = stateOf(
      [
        [{ l2: 0 }, ['done']],
        [{ l2: 1 }, ['pruned']],
      ],
      ['l2'],
    );
    expect(armSurvival(state)).toMatchObject({ arms: [{ values: {}, ended: 2, survived: 1 }], differs: false });
    expect(armSurvival(state, ['l2']).arms).toHaveLength(2);
    expect(armSurvival(state, ['l2']).differs).toBe(true);
  });
});
