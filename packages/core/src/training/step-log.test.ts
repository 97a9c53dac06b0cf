import { describe, expect, it } from 'vitest';
import { FLUSH_INTERVAL_MS, FLUSH_STEPS, StepLog } from './step-log.ts';

const metrics = (crossEntropy: number) => ({ crossEntropy, penalty: 0.5, correct: 3, count: 4 });

describe('StepLog', () => {
  it('is due ten times a second, counted from the last time it was taken', () => {
    let now = 0;
    const log = new StepLog(() => now);
    log.add(metrics(1));
    now = FLUSH_INTERVAL_MS - 1;
    expect(log.isDue()).toBe(false);
    now = FLUSH_INTERVAL_MS;
    expect(log.isDue()).toBe(true);
    log.take();
    expect(log.isDue()).toBe(false);
  });

  it('is due when it holds many steps', () => {
    const log = new StepLog(() => 0);
    for (let i = 1; i < FLUSH_STEPS; i++) log.add(metrics(i));
    expect(log.isDue()).toBe(false);
    log.add(metrics(0));
    expect(log.isDue()).toBe(true);
  });

  it('hands every step out once, numbered on, and nothing when there is nothing', () => {
    const log = new StepLog(() => 0);
    log.add(metrics(1));
    log.add(metrics(2));
    expect(log.take()).toEqual({ from: 0, crossEntropy: [1, 2], penalty: [0.5, 0.5], accuracy: [0.75, 0.75] });
    expect(log.take()).toBeUndefined();
    log.add(metrics(Number.NaN));
    expect(log.take()).toEqual({ from: 2, crossEntropy: [null], penalty: [0.5], accuracy: [0.75] });
  });
});
