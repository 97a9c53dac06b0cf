import { describe, expect, it } from 'vitest';
import { planOf } from '../../fixtures/plans.ts';
import { findTrial, shortTrialIds } from './trial-word.ts';

const plan = planOf({ name: 'arms', axes: { batchNorm: [true, false], l2: [0, 1e-3] }, seeds: [1, 11] });

describe('findTrial', () => {
  it('takes the id, a beginning of it, and what people are shown', () => {
    for (const { id, cell } of plan.trials) {
      expect(findTrial(plan, id)).toBe(id);
      expect(findTrial(plan, shortTrialIds(plan).get(id)!)).toBe(id);
      expect(findTrial(plan, `${cell.slice(0, 7)}${id.slice(cell.length)}`)).toBe(id);
    }
    const one = planOf({ name: 'one', axes: { l2: [0, 1e-3] } });
    expect(findTrial(one, one.trials[1]!.id.slice(0, 5))).toBe(one.trials[1]!.id);
  });

  it('says what came and what was wanted', () => {
    expect(() => findTrial(plan, 'nosuch')).toThrow(
      'trial: got nosuch, which arms has none of, want the id of one trial, or a beginning that only one has',
    );
    const start = plan.cells[0]!.id.slice(0, 6);
    expect(() => findTrial(plan, start)).toThrow(`got ${start}, the beginning of 2 trials (${plan.cells[0]!.id}-s1, `);
    expect(() => findTrial(plan, '')).toThrow('the id of one trial');
  });
});

describe('shortTrialIds', () => {
  it('tells all trials apart, however alike the ids of their cells begin', () => {
    const cells = ['aaaaaaaa1', 'aaaaaaaa2'].map((id) => ({ ...plan.cells[0]!, id }));
    const trials = cells.map(({ id }, index) => ({ id: `${id}-s1`, cell: id, seed: 1, index }));
    expect([...shortTrialIds({ ...plan, cells, trials }).values()]).toEqual(['aaaaaaaa1-s1', 'aaaaaaaa2-s1']);
  });
});
