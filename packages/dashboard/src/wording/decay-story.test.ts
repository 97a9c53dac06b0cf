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
    expect(story.onlyDecay).toBe('kernel');
    expect(story.text).toBe(
      'The ten values and ‖w‖ of the whole kernel kept one common factor, × 0.913923: no gradient reaches this kernel. Pure decay predicts × 0.913923.',
    );
    story.ratios.slice(1).forEach((ratio, i) => {
      expect(ratio).toBeCloseTo(story.pureRatios[i + 1]!, 6);
    });
    expect(story.pureDecay.at(-1)! / epochs[0]!.weights.norm!).toBeCloseTo(decayAfter(0.1, 1e-3, 450), 12);
  });

  it('tells one that nothing moves', () => {
    const { epochs, config } = arm(false, 0);
    expect(decayStory(epochs, config).text).toBe(
      'Neither the ten values nor ‖w‖ of the whole kernel moved: no gradient reaches this kernel.',
    );
  });

  it.each([
    [0, 'they did not move'],
    [1e-3, 'the penalty alone moves them'],
  ])('does not take ten values for the kernel (λ = %d)', (l2, what) => {
    const { epochs, config } = arm(false, l2);
    const grown = epochs.map((epoch, i) => ({
      ...epoch,
      weights: { ...epoch.weights, norm: 7.1035 * (7.4351 / 7.1035) ** (i / (epochs.length - 1)) },
    }));
    const story = decayStory(grown, config);
    expect(story.onlyDecay).toBe('values');
    expect(story.text).toBe(
      `No gradient reaches these ten values, ${what}; the kernel as a whole went from ‖w‖ = 7.1035 to 7.4351 (× 1.0467).`,
    );
  });

  it('does not take the norm for the kernel, nor its end for the way there', () => {
    const { epochs, config } = arm(false, 1e-3);
    const swapped = epochs.map((epoch) => ({
      ...epoch,
      weights: {
        ...epoch.weights,
        values: epoch.step === 0 ? epoch.weights.values : epoch.weights.values.toReversed(),
      },
    }));
    expect(decayStory(swapped, config).onlyDecay).toBe('none');
    const detour = epochs.map((epoch, i) => ({
      ...epoch,
      weights: { ...epoch.weights, norm: epoch.weights.norm! * (i === 3 ? 1.01 : 1) },
    }));
    expect(decayStory(detour, config)).toMatchObject({ onlyDecay: 'values' });
  });

  it('allows what single precision rounds, and no more', () => {
    const { epochs, config } = arm(false, 1e-3);
    const off = (relative: number) =>
      epochs.map((epoch, i) => ({
        ...epoch,
        weights: {
          ...epoch.weights,
          values: epoch.weights.values.map((value) => value! * (i === 0 ? 1 : 1 + relative)),
        },
      }));
    expect(decayStory(off(2e-6), config).onlyDecay).toBe('kernel');
    expect(decayStory(off(1e-4), config).onlyDecay).toBe('none');
  });

  it('calls no weights at rest that drift without a penalty, as reports do not', () => {
    const { epochs, config } = arm(false, 0);
    const drifted = (share: number) =>
      epochs.map((epoch, i) => {
        const grown = 1 + (share * i) / (epochs.length - 1);
        const { values, norm } = epoch.weights;
        return {
          ...epoch,
          weights: { ...epoch.weights, values: values.map((value) => value! * grown), norm: norm! * grown },
        };
      });
    expect(decayStory(drifted(2e-5), config)).toMatchObject({
      onlyDecay: 'none',
      text: expect.not.stringMatching(/no gradient/i),
    });
    expect(decayStory(drifted(5e-7), config).onlyDecay).toBe('kernel');
  });

  it('does not call a kernel dead that turns while its norm decays', () => {
    const { epochs, config } = arm(true, 1e-3);
    const story = decayStory(epochs, config);
    expect(story.onlyDecay).toBe('none');
    expect(story.text).toContain('The penalty alone would have made it × 0.914');
  });

  it('offers no closed form where the penalty alone does not go by it', () => {
    const { epochs, config } = arm(true, 1e-3);
    const story = decayStory(epochs, { ...config, optimizer: 'adam' });
    expect(story.pureDecay.every((value) => value === null)).toBe(true);
    expect(story.text).toMatch(/Under adam the penalty alone does not multiply a weight by 1 − 2ηλ a step\.$/);
    const dead = arm(false, 1e-3);
    expect(decayStory(dead.epochs, { ...dead.config, optimizer: 'momentum' }).text).not.toMatch(/gradient|predicts/);
  });

  it.each([
    [{ optimizer: 'adamw' }, 1e-3, /one common factor, × 0\.913923: .* Pure decay predicts × 0\.913923\.$/],
    [{ optimizer: 'momentum', momentum: 0 }, 1e-3, /one common factor, × 0\.913923: .* predicts × 0\.913923\.$/],
    [{ optimizer: 'momentum' }, 0, /^Neither the ten values nor ‖w‖ of the whole kernel moved/],
    [{ optimizer: 'adam' }, 0, /^Neither the ten values nor ‖w‖ of the whole kernel moved/],
  ] as const)('tells by the closed form under every optimizer that has it: %o, λ = %d', (changes, l2, text) => {
    const { epochs, config } = arm(false, l2);
    const story = decayStory(epochs, { ...config, ...changes });
    expect(story).toMatchObject({ onlyDecay: 'kernel', text: expect.stringMatching(text) });
    expect(story.pureDecay.at(-1)).toBeCloseTo(epochs[0]!.weights.norm! * decayAfter(0.1, l2, 450), 12);
    expect(story.pureRatios.at(-1)).toBeCloseTo(decayAfter(0.1, l2, 45), 12);
  });

  it.each([
    ['adam', 0, /There is no penalty to shrink it\.$/],
    ['adamw', 1e-3, /The penalty alone would have made it × 0\.914\.$/],
  ] as const)(
    'says of a kernel that learns what the penalty alone would have done: %s, λ = %d',
    (optimizer, l2, text) => {
      const { epochs, config } = arm(true, l2);
      expect(decayStory(epochs, { ...config, optimizer }).text).toMatch(text);
    },
  );

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
