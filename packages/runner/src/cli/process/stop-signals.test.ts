import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onStopSignals, type StopSignals } from './stop-signals.ts';

let calls: string[];
let signals: StopSignals;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  signals = onStopSignals({
    first: () => calls.push('first'),
    second: () => calls.push('second'),
    overdue: () => calls.push('overdue'),
  });
});
afterEach(() => {
  signals.dispose();
  vi.useRealTimers();
});

it('calls once what is overdue, ten seconds after the first signal', () => {
  vi.advanceTimersByTime(60_000);
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(9_999);
  expect(calls).toEqual(['first']);
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(['first', 'overdue']);
  process.emit('SIGTERM', 'SIGTERM');
  expect([calls.at(-1), signals.received]).toEqual(['second', 'SIGINT']);
});

it('calls nothing more that is overdue after a second signal, or when all has ended', () => {
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(['first', 'second']);

  const ended = onStopSignals({ first: () => {}, second: () => {}, overdue: () => calls.push('too late') });
  process.emit('SIGINT', 'SIGINT');
  ended.dispose();
  vi.advanceTimersByTime(60_000);
  expect(calls).toEqual(['first', 'second', 'second']);
});
