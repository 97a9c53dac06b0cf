import { describe, expect, it } from 'vitest';
import { planOf } from '../fixtures/plans.ts';
import type { SweepFileInput } from '../plan/sweep-file.ts';
import { freeMemory } from './free-memory.ts';
import { chooseWorkerCount, estimateLargestTrial } from './worker-count.ts';

const GIB = 2 ** 30;
const sweep = (config: SweepFileInput['config'], axes: SweepFileInput['axes'] = { l2: [0, 1e-3] }, seeds = 10) =>
  planOf({ name: 'x', config: config ?? {}, axes: axes ?? {}, seeds });

describe('estimateLargestTrial', () => {
  const base = estimateLargestTrial(sweep({ batchSize: 32 }));

  it('grows with width, batch and image area, and is that of the largest cell', () => {
    for (const axes of [{ alpha: [0.5, 1.4] }, { batchSize: [8, 64] }, { 'data.imageSize': [32, 96] }]) {
      expect(estimateLargestTrial(sweep({ batchSize: 32 }, axes as SweepFileInput['axes']))).toBeGreaterThan(base);
    }
    const nine = estimateLargestTrial(sweep({ batchSize: 32, data: { imageSize: 96 } }));
    const four = estimateLargestTrial(sweep({ batchSize: 32, data: { imageSize: 64 } }));
    expect((nine - base) / (four - base)).toBeCloseTo(8 / 3);
  });
});

describe('chooseWorkerCount', () => {
  const plan = sweep({ batchSize: 32 });
  const need = estimateLargestTrial(plan);
  const auto = (cores: number, memory: number, of = plan) => chooseWorkerCount(of, 'auto', { cores, memory });

  it('takes a worker for each core', () => expect(auto(8, 1000 * GIB)).toBe(8));
  it('takes no more than there are trials', () => expect(auto(64, 1000 * GIB)).toBe(20));
  it('takes fewer where memory is short, and leaves some', () => {
    const count = auto(64, 8 * GIB);
    expect(count).toBeGreaterThan(4);
    expect(count * need).toBeLessThan(0.8 * 8 * GIB);
    expect(auto(64, 8 * GIB, sweep({ data: { imageSize: 96 } }))).toBeLessThan(count);
  });
  it('takes one at least', () => expect(auto(8, 0)).toBe(1));
  it('does what it is told', () => expect(chooseWorkerCount(plan, 50, { cores: 2, memory: 0 })).toBe(50));
  it('asks the machine', () => expect(chooseWorkerCount(plan, 'auto')).toBeGreaterThanOrEqual(1));
});

describe('freeMemory', () => {
  it('is no more than the container may still take', () => {
    expect(freeMemory()).toBeGreaterThan(0);
    const real = process.availableMemory;
    try {
      process.availableMemory = () => 5;
      expect(freeMemory()).toBe(5);
      // What Node says where it knows of no limit.
      process.availableMemory = () => Number.MAX_VALUE;
      expect(freeMemory()).toBeGreaterThan(5);
      expect(freeMemory()).toBeLessThan(2 ** 60);
    } finally {
      process.availableMemory = real;
    }
  });
});
