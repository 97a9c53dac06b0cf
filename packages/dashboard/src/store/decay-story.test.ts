import { decayAfter } from '@l2bn/core/theory';
import { describe, expect, it } from 'vitest';
import { articleSweep, stateAfter } from '../fixtures/sweeps.ts';
import { decayStory } from './decay-story.ts';

const state = stateAfter(articleSweep());
const arm = (batchNorm: boolean, l2: number) => {
  const cell = state.plan.cells.find(({ values }) => values.batchNorm === batchNorm && values.l2 === l2)!;
  return { config: cell.config, epochs: state.trials.find((trial) => trial.cell === cell.id)!.epochs };
};

describe('decayStory', () => {
  it('tells a kernel that only the penalty moves', () => {
    const { epochs, config } = arm(false, 1e-3);
    const story = decayStory(epochs, config);
    expect(story.oneFactor).toBe(true);
    expect(story.text).toContain('no gradient reaches this kernel');
    story.ratios.slice(1).forEach((ratio, i) => {
      expect(ratio).toBeCloseTo(story.pureRatios[i + 1]!, 6);
    });
    expect(story.pureDecay.at(-1)! / epochs[0]!.weights.norm!).toBeCloseTo(decayAfter(0.1, 1e-3, 450), 12);
  });

  it('tells one that nothing moves', () => {
    const { epochs, config } = arm(false, 0);
    expect(decayStory(epochs, config).text).toBe('None of the ten values moved: no gradient reaches this kernel.');
  });

  it('does not call a kernel dead that turns while its norm decays', () => {
    const { epochs, config } = arm(true, 1e-3);
    const story = decayStory(epochs, config);
    expect(story.oneFactor).toBe(false);
    expect(story.text).toContain('The penalty alone would have made it × 0.914');
  });

  it('offers no closed form for another optimizer than plain SGD', () => {
    const { epochs, config } = arm(true, 1e-3);
    const story = decayStory(epochs, { ...config, optimizer: 'adam' });
    expect(story.pureDecay.every((value) => value === null)).toBe(true);
    expect(story.text).toContain('not for adam');
  });

  it('says nothing before the second record, and says when weights are no longer finite', () => {
    const { epochs, config } = arm(true, 0);
    expect(decayStory(epochs.slice(0, 1), config).text).toContain('first weights');
    expect(decayStory([], config).ratios).toEqual([]);
    const lost = {
      ...epochs[1]!,
      weights: { layer: 'Conv1', values: epochs[1]!.weights.values.map(() => null), norm: null },
    };
    expect(decayStory([epochs[0]!, lost], config).text).toBe('The weights are no longer finite.');
  });
});
