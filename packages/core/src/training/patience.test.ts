import { describe, expect, it } from 'vitest';
import { Patience } from './patience.ts';

/** After how many of the values it is spent. */
function epochsOf(limit: number, values: number[]): number {
  const patience = new Patience(limit);
  for (const [i, value] of values.entries()) {
    patience.add(value);
    if (patience.isSpent) return i + 1;
  }
  return Number.POSITIVE_INFINITY;
}

describe('Patience', () => {
  it('is spent after so many epochs that were no lower than the best before them', () => {
    expect(epochsOf(2, [3, 2, 2.5, 1, 1.5, 1.2, 0])).toBe(6);
    expect(epochsOf(1, [3, 2, 1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes an equal value for no improvement, as Keras does', () => {
    expect(epochsOf(2, [1, 1, 1, 1])).toBe(3);
  });

  it('is never spent without a limit', () => {
    expect(epochsOf(Number.POSITIVE_INFINITY, Array(1000).fill(1))).toBe(Number.POSITIVE_INFINITY);
  });

  it('goes on from its state as if it had not been interrupted, also from before the first epoch', () => {
    for (let cut = 0; cut <= 4; cut++) {
      const values = [2, 1, 1.5, 1.5, 3];
      let patience = new Patience(3);
      for (const [i, value] of values.entries()) {
        if (i === cut) patience = new Patience(3, JSON.parse(JSON.stringify(patience.state)));
        expect(patience.isSpent).toBe(false);
        patience.add(value);
      }
      expect(patience.isSpent).toBe(true);
    }
  });
});
