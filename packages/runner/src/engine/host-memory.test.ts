import { beforeEach, describe, expect, it } from 'vitest';
import { HostMemory } from './host-memory.ts';

const GIB = 2 ** 30;

describe('a host', () => {
  let memory: HostMemory;
  /** Trials at the same time, each of which needs so much, on top of what has leaked. */
  const round = (count: number, each: number, leaked = 0) => {
    for (let i = 0; i < count; i++) memory.trialStarted();
    memory.measured((leaked + count * each) * GIB);
    for (let i = 0; i < count; i++) memory.trialEnded();
    memory.measured(leaked * GIB);
  };
  const ready = (baseline = 0) => {
    memory.hostStarted();
    memory.hostReady(baseline * GIB);
  };

  beforeEach(() => {
    memory = new HostMemory(0.5 * GIB);
  });

  it('has grown when trials that have ended still take what others need', () => {
    ready();
    round(1, 0.5);
    round(1, 0.5, 1.4);
    expect(memory.hasGrown).toBe(false);
    round(1, 0.5, 1.6);
    expect(memory.hasGrown).toBe(true);
    ready();
    expect(memory.hasGrown).toBe(false);
  });

  it('has not grown by what was there before the first trial', () => {
    memory.hostStarted();
    memory.measured(50 * GIB);
    ready(40);
    memory.measured(40 * GIB);
    round(1, 0.5, 40);
    round(1, 0.5, 40);
    expect(memory.hasGrown).toBe(false);
    round(1, 0.5, 42);
    expect(memory.hasGrown).toBe(true);
  });

  it('may take what its first round took, for as many trials as run at the same time', () => {
    ready();
    round(1, 10);
    for (let i = 0; i < 5; i++) round(16, 12, 20);
    expect(memory.hasGrown).toBe(false);
    round(16, 10, 200);
    expect(memory.hasGrown).toBe(true);
  });

  it('is measured by a trial that is over before the first message', () => {
    ready();
    memory.trialStarted();
    memory.trialEnded();
    memory.trialStarted();
    memory.measured(5 * GIB);
    memory.measured(9 * GIB);
    expect(memory.hasGrown).toBe(false);
  });

  it('that takes the place of a grown one runs a round whatever it takes, and what that took is allowed from then on', () => {
    ready();
    round(1, 0.5);
    round(1, 4);
    expect(memory.hasGrown).toBe(true);
    for (let host = 0; host < 3; host++) {
      ready();
      for (let i = 0; i < 10; i++) round(1, 4);
      expect(memory.hasGrown).toBe(false);
    }
  });
});
