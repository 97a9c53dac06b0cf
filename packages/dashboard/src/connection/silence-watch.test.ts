import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

const START = 1.8e12;
let said: (string | number)[];
let watch: SilenceWatch;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  said = [];
  watch = new SilenceWatch({
    staleAfter: 12,
    giveUpAfter: 30,
    onStale: (since) => said.push(since - START),
    onGivenUp: () => said.push('given up'),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it('says since when nothing came, then gives up, once', () => {
  watch.hear();
  vi.advanceTimersByTime(11);
  watch.hear();
  vi.advanceTimersByTime(11);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual([11]);
  vi.advanceTimersByTime(17);
  expect(said).toEqual([11]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual([11, 'given up']);
  vi.advanceTimersByTime(1_000);
  expect(said).toHaveLength(2);
});

it('begins anew with a word that comes late', () => {
  watch.hear();
  vi.advanceTimersByTime(20);
  watch.hear();
  vi.advanceTimersByTime(29);
  expect(said).toEqual([0, 20]);
});

it('says nothing once it is stopped, at either stage', () => {
  watch.hear();
  watch.stop();
  vi.advanceTimersByTime(100);
  watch.hear();
  vi.advanceTimersByTime(12);
  watch.stop();
  vi.advanceTimersByTime(100);
  expect(said).toEqual([100]);
});
