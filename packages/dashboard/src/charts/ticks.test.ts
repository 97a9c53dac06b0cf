import { describe, expect, it } from 'vitest';
import { logTickLabels, tickLabels } from './ticks.ts';

describe('tickLabels', () => {
  it('has the decimals of the distance', () => {
    expect(tickLabels([0, 2.5, 5, 7.5, 10], 2.5)).toEqual(['0.0', '2.5', '5.0', '7.5', '10.0']);
    expect(tickLabels([0, 0.25, 0.5], 0.25)).toEqual(['0.00', '0.25', '0.50']);
    expect(tickLabels([0, 5, 10], 5)).toEqual(['0', '5', '10']);
    expect(tickLabels([0, 0.1, 0.2, 0.1 + 0.2], 0.1)).toEqual(['0.0', '0.1', '0.2', '0.3']);
  });

  it('writes what is very large or very small as powers of ten', () => {
    expect(tickLabels([0, 2.5e7, 5e7, 7.5e7], 2.5e7)).toEqual(['0', '2.5e7', '5e7', '7.5e7']);
    expect(tickLabels([0, 2e-6, 4e-6, 6e-6 + 1e-21], 2e-6)).toEqual(['0', '2e-6', '4e-6', '6e-6']);
    expect(tickLabels([-2e5, 0, 2e5], 2e5)).toEqual(['-2e5', '0', '2e5']);
  });

  it('never says the same of two', () => {
    for (const step of [1, 2, 2.5, 5]) {
      for (let power = -14; power <= 14; power++) {
        const ticks = Array.from({ length: 9 }, (_, i) => i * step * 10 ** power);
        const labels = tickLabels(ticks, step * 10 ** power);
        expect(new Set(labels).size).toBe(9);
        labels.forEach((label, i) => {
          expect(Number(label)).toBeCloseTo(ticks[i]!, 8 - power);
        });
      }
    }
  });
});

it('logTickLabels leaves out what uPlot leaves out', () => {
  expect(logTickLabels([0.1, null, 1, 1e6])).toEqual(['0.1', '', '1', '1e6']);
});
