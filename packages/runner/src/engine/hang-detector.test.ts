import { beforeEach, describe, expect, it, vi } from 'vitest';
import { HangDetector } from './hang-detector.ts';

describe('HangDetector', () => {
  let hung: string[];
  let detector: HangDetector;
  let tick: () => void;
  let isTicking: boolean;
  const ticks = (count: number) => {
    for (let i = 0; i < count; i++) tick();
  };
  const create = (seconds: number) => {
    hung = [];
    isTicking = true;
    detector = new HangDetector(
      seconds,
      (trial) => hung.push(trial),
      (each) => {
        tick = each;
        return () => {
          isTicking = false;
        };
      },
    );
  };

  beforeEach(() => create(3));

  it('tells a silent trial after no less than the time that it has, once', () => {
    detector.heard('a');
    // The first tick may come at once.
    ticks(3);
    expect(hung).toEqual([]);
    ticks(1);
    expect(hung).toEqual(['a']);
    ticks(20);
    expect(hung).toEqual(['a']);
  });

  it('counts from the last word of each', () => {
    detector.heard('a');
    detector.heard('b');
    ticks(3);
    detector.heard('a');
    ticks(1);
    expect(hung).toEqual(['b']);
    ticks(3);
    expect(hung).toEqual(['b', 'a']);
  });

  it('watches a trial again that was told and runs again', () => {
    detector.heard('a');
    ticks(4);
    detector.heard('a');
    ticks(4);
    expect(hung).toEqual(['a', 'a']);
  });

  it('does not watch what no longer runs', () => {
    detector.heard('a');
    ticks(3);
    detector.forget('a');
    ticks(20);
    expect(hung).toEqual([]);
  });

  it('lets what is told end other trials', () => {
    hung = [];
    detector = new HangDetector(
      1,
      (trial) => {
        hung.push(trial);
        detector.forget('b');
      },
      (each) => {
        tick = each;
        return () => {};
      },
    );
    detector.heard('a');
    detector.heard('b');
    ticks(9);
    expect(hung).toEqual(['a']);
  });

  it('takes part of a second for a whole one', () => {
    create(1.5);
    detector.heard('a');
    ticks(2);
    expect(hung).toEqual([]);
    ticks(1);
    expect(hung).toEqual(['a']);
  });

  it('goes by no clock: hours between two ticks are one tick', () => {
    vi.useFakeTimers();
    try {
      detector.heard('a');
      for (let i = 0; i < 3; i++) {
        vi.setSystemTime(Date.now() + 3_600_000);
        vi.advanceTimersByTime(3_600_000);
        tick();
      }
      expect(hung).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ticks every second until it is stopped', () => {
    vi.useFakeTimers();
    try {
      detector = new HangDetector(2, (trial) => hung.push(trial));
      detector.heard('a');
      vi.advanceTimersByTime(2_999);
      expect(hung).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(hung).toEqual(['a']);
      detector.heard('b');
      detector.stop();
      vi.advanceTimersByTime(60_000);
      expect(hung).toEqual(['a']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends its ticking when it is stopped', () => {
    expect(isTicking).toBe(true);
    detector.stop();
    expect(isTicking).toBe(false);
  });
});
